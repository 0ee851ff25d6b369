-- Requests for wrk: ten campaigns with names of their own each time, or one page of a hundred.
-- Arguments: kind, name prefix, then header lines "Name: value", then "--", then profile ids.

local kind, prefix, headers, profiles
local number = 0

function init(arguments)
  kind, prefix, headers, profiles = arguments[1], arguments[2], {}, {}
  local place = 3
  while arguments[place] and arguments[place] ~= "--" do
    local name, value = arguments[place]:match("^([^:]+): (.*)$")
    headers[name] = value
    place = place + 1
  end
  for index = place + 1, #arguments do
    profiles[#profiles + 1] = arguments[index]
  end
end

local function item(name)
  return '{"name":"' .. name .. '","state":"ENABLED","targetingType":"MANUAL",'
    .. '"startDate":"2031-01-01","endDate":"2031-12-31",'
    .. '"budget":{"budgetType":"DAILY","budget":25.5},'
    .. '"dynamicBidding":{"strategy":"AUTO_FOR_SALES","placementBidding":['
    .. '{"placement":"PLACEMENT_TOP","percentage":50},'
    .. '{"placement":"PLACEMENT_PRODUCT_PAGE","percentage":25}]},'
    .. '"tags":{"season":"peak","owner":"load generator","note":"a line of ordinary length"}}'
end

function request()
  number = number + 1
  -- A profile takes 10,000 campaigns, so the next one has its turn after 990 calls.
  headers["Amazon-Advertising-API-Scope"] = profiles[math.floor(number / 990) % #profiles + 1]
  if kind == "list100" then
    return wrk.format("POST", "/sp/campaigns/list", headers, '{"maxResults":100}')
  elseif kind == "hello" then
    return wrk.format("GET", "/hello", headers)
  end
  local items = {}
  for index = 1, 10 do
    items[index] = item(prefix .. "-" .. number .. "-" .. index)
  end
  local body = '{"campaigns":[' .. table.concat(items, ",") .. "]}"
  return wrk.format("POST", "/sp/campaigns", headers, body)
end

function done(summary, latency)
  io.write(string.format('RESULT {"requests":%d,"seconds":%f,"bad":%d,"p50":%f,"p99":%f}\n',
    summary.requests, summary.duration / 1e6,
    summary.errors.status + summary.errors.read + summary.errors.write + summary.errors.timeout,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
