-- Requests for wrk: ten campaigns with names of their own each time, ten updates, pages, tokens.
-- Arguments: kind, name prefix, header lines "Name: value", "--", profile ids, "--", and what the
-- kind needs besides: the ids that update10 changes, the form that token sends.

local kind, prefix, headers, profiles, needs
local number = 0

local function rows(arguments, place)
  local found = {}
  while arguments[place] and arguments[place] ~= "--" do
    found[#found + 1] = arguments[place]
    place = place + 1
  end
  return found, place + 1
end

function init(arguments)
  local lines, place
  kind, prefix, headers = arguments[1], arguments[2], {}
  lines, place = rows(arguments, 3)
  profiles, place = rows(arguments, place)
  needs = rows(arguments, place)
  for _, line in ipairs(lines) do
    local name, value = line:match("^([^:]+): (.*)$")
    headers[name] = value
  end
  if kind == "token" then
    headers["Content-Type"] = "application/x-www-form-urlencoded"
    headers["Accept"] = "application/json"
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

local function change(id)
  return '{"campaignId":"' .. id .. '","budget":{"budgetType":"DAILY","budget":'
    .. (10 + number % 9000 / 100) .. "}}"
end

local function batch(one)
  local items = {}
  for index = 1, 10 do
    items[index] = one(index)
  end
  return '{"campaigns":[' .. table.concat(items, ",") .. "]}"
end

function request()
  number = number + 1
  -- A profile takes 10,000 campaigns, so the next one has its turn after 990 calls.
  headers["Amazon-Advertising-API-Scope"] = profiles[math.floor(number / 990) % #profiles + 1]
  if kind == "hello" then
    return wrk.format("GET", "/hello", headers)
  elseif kind == "token" then
    return wrk.format("POST", "/auth/o2/token", headers, needs[1])
  elseif kind == "list1" or kind == "list100" or kind == "fresh100" then
    local size = tonumber(kind:match("%d+"))
    if kind == "fresh100" then
      size = size - number % 2 -- two such pages are more than the mock keeps of a table
    end
    local page = '{"maxResults":' .. size .. "}"
    return wrk.format("POST", "/sp/campaigns/list", headers, page)
  elseif kind == "update10" then
    local body = batch(function(index) return change(needs[index]) end)
    return wrk.format("PUT", "/sp/campaigns", headers, body)
  end
  local body = batch(function(index) return item(prefix .. "-" .. number .. "-" .. index) end)
  return wrk.format("POST", "/sp/campaigns", headers, body)
end

function done(summary, latency)
  io.write(string.format('RESULT {"requests":%d,"seconds":%f,"bad":%d,"p50":%f,"p99":%f}\n',
    summary.requests, summary.duration / 1e6,
    summary.errors.status + summary.errors.read + summary.errors.write + summary.errors.timeout,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
