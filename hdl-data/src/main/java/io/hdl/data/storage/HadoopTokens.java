package io.hdl.data.storage;

import io.hdl.core.error.HdlException;
import io.hdl.core.identity.AccessToken;
import io.hdl.core.identity.TokenSource;
import java.io.IOException;
import java.util.Date;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.azurebfs.extensions.CustomTokenProviderAdaptee;
import org.jspecify.annotations.Nullable;

/**
 * Lends token sources to Hadoop, which makes the class that asks them by itself: the settings carry
 * an id, and the class finds the source by it. Thread-safe.
 */
final class HadoopTokens {
  /** The setting with the id. */
  static final String ID = "hdl.token.source";

  private static final Map<String, TokenSource> SOURCES = new ConcurrentHashMap<>();

  /** What kept the last token of a thread away: Hadoop passes on its text alone. */
  private static final ThreadLocal<@Nullable HdlException> FAILED = new ThreadLocal<>();

  private HadoopTokens() {}

  /** Why this thread got no token since this was asked last, if so. */
  static Optional<HdlException> takeFailure() {
    Optional<HdlException> failure = Optional.ofNullable(FAILED.get());
    FAILED.remove();
    return failure;
  }

  /** Registers a source and gives its id. */
  static String lend(TokenSource source) {
    String id = UUID.randomUUID().toString();
    SOURCES.put(id, source);
    return id;
  }

  /** Forgets a source; no error if it is not known. */
  static void takeBack(String id) {
    SOURCES.remove(id);
  }

  /** How many sources are lent. */
  static int lent() {
    return SOURCES.size();
  }

  /** What Hadoop makes and asks. */
  static final class Provider implements CustomTokenProviderAdaptee {
    private @Nullable String id;
    private volatile @Nullable AccessToken last;

    /** For Hadoop. */
    Provider() {}

    @Override
    public void initialize(Configuration settings, String account) {
      id = settings.get(ID);
    }

    @Override
    public String getAccessToken() throws IOException {
      TokenSource source = SOURCES.get(Objects.requireNonNullElse(id, ""));
      if (source == null) {
        throw new IOException("The store is closed");
      }
      try {
        AccessToken token = source.token(BearerSigner.SCOPES);
        last = token;
        return token.value();
      } catch (HdlException e) {
        FAILED.set(e);
        throw new IOException(e.getMessage(), e);
      }
    }

    @Override
    @SuppressWarnings("JavaUtilDate") // Hadoop asks for it
    public Date getExpiryTime() {
      AccessToken token = last;
      return token == null ? new Date(0) : Date.from(token.expires());
    }
  }
}
