package io.hdl.data.cache;

import io.hdl.core.identity.Redaction;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells a listener what happens, and the same thing once. Thread-safe. */
final class CacheVoice {
  private static final Logger LOG = LoggerFactory.getLogger(LakeCache.class);

  private final CacheListener listener;
  private final Set<String> told = ConcurrentHashMap.newKeySet();

  CacheVoice(CacheListener listener) {
    this.listener = listener;
  }

  void warning(String text) {
    tell(to -> to.warning(text));
  }

  void notice(String text) {
    tell(to -> to.notice(text));
  }

  void report(CacheStatistics statistics) {
    tell(to -> to.report(statistics));
  }

  /** A file of a tier was not what it should be. */
  void damaged(TierPlace place, CacheKey key, String reason) {
    warning(
        "The file of "
            + key.file().uri()
            + " in the "
            + place.name()
            + " was damaged ("
            + reason
            + ") and has been removed; it is fetched anew.");
  }

  /**
   * A tier could not take a file; told once for each tier and reason.
   *
   * @param e what the operating system said, if it was its disk
   */
  void noRoom(TierPlace place, CacheKey key, @Nullable IOException e) {
    boolean tooLarge = key.size() > place.maxBytes();
    String reason;
    if (tooLarge) {
      reason = "the file is larger than its quota of " + bytes(place.maxBytes());
    } else if (e != null) {
      reason = "its disk is full";
    } else {
      reason = "what it holds is in use or leased, or its disk has no more to spare";
    }
    if (told.add(place.tier() + reason)) {
      warning(
          "The "
              + place.name()
              + " cannot take "
              + key.file().uri()
              + " ("
              + bytes(key.size())
              + "): "
              + reason
              + ". The work goes on without it for such files; give it more room if they are read"
              + " again and again.");
    }
  }

  /** A number of bytes for people. */
  static String bytes(long bytes) {
    if (bytes < 1 << 20) {
      return String.format(Locale.ROOT, "%,d bytes", bytes);
    }
    return bytes < 1 << 30
        ? String.format(Locale.ROOT, "%.1f MiB", bytes / (double) (1 << 20))
        : String.format(Locale.ROOT, "%.1f GiB", bytes / (double) (1 << 30));
  }

  private void tell(Consumer<CacheListener> words) {
    try {
      words.accept(listener);
    } catch (RuntimeException e) {
      LOG.warn(
          "The listener {} of the cache failed; the work goes on", listener, Redaction.failure(e));
    }
  }
}
