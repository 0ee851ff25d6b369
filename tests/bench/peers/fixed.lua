-- One fixed request for wrk, again and again. Arguments: method, path, file of the body, then
-- header lines "Name: value".

local text

function init(arguments)
  local file = assert(io.open(arguments[3], "rb"))
  local body, headers = file:read("*a"), {}
  file:close()
  for place = 4, #arguments do
    local name, value = arguments[place]:match("^([^:]+): (.*)$")
    headers[name] = value
  end
  text = wrk.format(arguments[1], arguments[2], headers, body)
end

function request()
  return text
end

function done(summary, latency)
  io.write(string.format('RESULT {"requests":%d,"seconds":%f,"bad":%d,"p50":%f,"p99":%f}\n',
    summary.requests, summary.duration / 1e6,
    summary.errors.status + summary.errors.read + summary.errors.write + summary.errors.timeout,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
