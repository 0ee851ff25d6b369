"""Marketing Stream v2: subscriptions whose data comes as Parquet files in a bucket.

``requests``   the operations under ``/adsApi/v1``; a subscription has the same record as one of the
               first generation (``stream.subscription``).
``rows``       the totals of hours, restated with rising versions.
``parquet``    files of rows; pyarrow is imported when the first is written.
``writing``    what is due goes to the bucket, and a notification for each file to the queue:
               ``bursts``, which ``stream.delivery`` reads.
``access``     what the policies of bucket and queue must permit.
"""
