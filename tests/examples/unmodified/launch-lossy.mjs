// The same launch by a partner who takes each 207 as a success: items that failed are lost.

import { Region, main } from './launch.mjs';

class Lossy extends Region {
  async launch(profile) {
    const campaigns = await this.missing(profile);
    if (campaigns.length) await this.call('POST', '/sp/campaigns', profile, { campaigns });
  }
}

await main(Lossy);
