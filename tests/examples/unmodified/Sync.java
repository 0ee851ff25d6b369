// Campaign sync as a partner wrote it: the hosts are Amazon's, nothing here knows of a mock.

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

public class Sync {
  record Region(String name, String ads, String lwa) {}

  static final List<Region> REGIONS = List.of(
      new Region("NA", "https://advertising-api.amazon.com", "https://api.amazon.com"),
      new Region("EU", "https://advertising-api-eu.amazon.com", "https://api.amazon.co.uk"),
      new Region("FE", "https://advertising-api-fe.amazon.com", "https://api.amazon.co.jp"));
  static final String CAMPAIGN = "application/vnd.spCampaign.v3+json";
  static final String CLIENT_ID = System.getenv("CLIENT_ID");
  static final HttpClient HTTP = HttpClient.newHttpClient();

  static String send(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<String> reply = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    if (reply.statusCode() >= 300) {
      throw new IOException(request.uri() + ": " + reply.statusCode() + " " + reply.body());
    }
    return reply.body();
  }

  static List<String> values(String json, String member) {
    Matcher found = Pattern.compile('"' + member + "\":\"?([^\",}]+)").matcher(json);
    return found.results().map(each -> each.group(1)).collect(Collectors.toList());
  }

  static String accessToken(String host) throws IOException, InterruptedException {
    String form = Map.of(
            "grant_type", "refresh_token",
            "refresh_token", System.getenv("REFRESH_TOKEN"),
            "client_id", CLIENT_ID,
            "client_secret", System.getenv("CLIENT_SECRET"))
        .entrySet().stream()
        .map(each -> each.getKey() + "=" + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
    return values(send(HttpRequest.newBuilder(URI.create(host + "/auth/o2/token"))
        .header("Content-Type", "application/x-www-form-urlencoded")
        .POST(HttpRequest.BodyPublishers.ofString(form)).build()), "access_token").get(0);
  }

  static HttpRequest.Builder to(String url, String token) {
    return HttpRequest.newBuilder(URI.create(url))
        .header("Authorization", "Bearer " + token)
        .header("Amazon-Advertising-API-ClientId", CLIENT_ID);
  }

  static int campaigns(String ads, String token, String profile) throws IOException, InterruptedException {
    int count = 0;
    String next = "";
    while (true) {
      String page = send(to(ads + "/sp/campaigns/list", token)
          .header("Amazon-Advertising-API-Scope", profile)
          .header("Content-Type", CAMPAIGN).header("Accept", CAMPAIGN)
          .POST(HttpRequest.BodyPublishers.ofString("{\"maxResults\": 100" + next + "}")).build());
      count += values(page, "campaignId").size();
      List<String> following = values(page, "nextToken");
      if (following.isEmpty()) return count;
      next = ", \"nextToken\": \"" + following.get(0) + "\"";
    }
  }

  static void sync(Region region) throws IOException, InterruptedException {
    String token = accessToken(region.lwa());
    List<String> profiles = values(send(to(region.ads() + "/v2/profiles", token).build()), "profileId");
    int count = 0;
    for (String each : profiles) count += campaigns(region.ads(), token, each);
    System.out.println(region.name() + ": " + profiles.size() + " profiles, " + count + " campaigns");
  }

  public static void main(String[] words) throws InterruptedException {
    int code = 0;
    for (Region region : REGIONS) {
      try {
        sync(region);
      } catch (IOException error) {
        System.out.println(region.name() + ": " + error);
        code = 1;
      }
    }
    System.exit(code);
  }
}
