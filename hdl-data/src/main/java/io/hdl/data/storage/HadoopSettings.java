package io.hdl.data.storage;

import java.time.Duration;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;

/**
 * Settings of Hadoop's driver for Azure: one try per call, since the tries are counted in one place
 * and that is not here; no read-ahead, no client-side throttling, no metrics.
 */
final class HadoopSettings {
  private static final Duration CONNECT = Duration.ofSeconds(10);

  private HadoopSettings() {}

  /**
   * The settings for an account.
   *
   * @param tokens the id of a lent source, or empty where the credential is a key
   */
  static Configuration of(
      LakeAddress address,
      LakeEndpoint endpoint,
      LakeCredential credential,
      String tokens,
      boolean hierarchical,
      Duration idleTimeout) {
    Configuration settings = new Configuration(false);
    settings.set("fs.abfs.impl", "org.apache.hadoop.fs.azurebfs.AzureBlobFileSystem");
    settings.set("fs.abfss.impl", "org.apache.hadoop.fs.azurebfs.SecureAzureBlobFileSystem");
    if (endpoint.given()) {
      settings.set("fs.azure.abfs.endpoint", endpoint.authority());
    }
    settings.setBoolean("fs.azure.always.use.https", endpoint.isSecure());
    settings.set("fs.azure.networking.library", "JDK_HTTP_URL_CONNECTION");
    settings.set("fs.azure.ssl.channel.mode", "Default_JSSE");
    settings.setBoolean("fs.azure.account.hns.enabled", hierarchical);
    if (!hierarchical) {
      // Given with a hierarchy, too, it would be refused.
      settings.set("fs.azure.fns.account.service.type", "BLOB");
    }
    settings.setBoolean("fs.azure.skipUserGroupMetadataDuringInitialization", true);

    settings.setInt("fs.azure.io.retry.max.retries", 0);
    settings.setInt("fs.azure.custom.token.fetch.retry.count", 0);
    settings.setInt("fs.azure.http.read.timeout", (int) idleTimeout.toMillis());
    settings.setInt(
        "fs.azure.http.connection.timeout",
        (int) Math.min(CONNECT.toMillis(), idleTimeout.toMillis()));
    settings.setBoolean("fs.azure.enable.readahead", false);
    settings.setBoolean("fs.azure.account.throttling.enabled", false);
    settings.setBoolean("fs.azure.enable.autothrottling", false);
    settings.set("fs.azure.user.agent.prefix", "hdl");

    if (credential instanceof LakeCredential.AccountKey key) {
      settings.set("fs.azure.account.auth.type", "SharedKey");
      settings.set("fs.azure.account.key." + address.host(), key.reveal());
    } else {
      settings.set("fs.azure.account.auth.type", "Custom");
      settings.set("fs.azure.account.oauth.provider.type", HadoopTokens.Provider.class.getName());
      settings.set(HadoopTokens.ID, tokens);
    }
    return settings;
  }

  /** The container as Hadoop's driver names it: its scheme follows the endpoint's. */
  static String root(LakeAddress address, LakeEndpoint endpoint) {
    return String.format(
        Locale.ROOT,
        "%s://%s@%s/",
        endpoint.isSecure() ? "abfss" : "abfs",
        address.container(),
        address.host());
  }
}
