package io.hdl.data.cache;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.storage.FileFailure;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A tier that may fail and come back. While it cannot be used it is passed over; now and then it is
 * tried again. Thread-safe.
 */
final class TierPlace implements AutoCloseable {
  /** A tier that failed is left alone for so long. */
  static final Duration PAUSE = Duration.ofSeconds(30);

  private final TierSettings settings;
  private final Counters counters;
  private final CacheVoice voice;
  private final List<TierFolder> lost = new ArrayList<>();
  private volatile @Nullable TierFolder open;
  private volatile long retryAt;
  private @Nullable Object device;
  private boolean told;
  private boolean closed;

  TierPlace(TierSettings settings, Counters counters, CacheVoice voice) {
    this.settings = settings;
    this.counters = counters;
    this.voice = voice;
    retry();
  }

  Tier tier() {
    return settings.tier();
  }

  Path path() {
    return settings.folder();
  }

  long maxBytes() {
    return settings.maxBytes();
  }

  Counters counters() {
    return counters;
  }

  /** Its files, if it can be used. */
  @Nullable TierFolder folder() {
    TierFolder present = open;
    if (present != null || settings.clock().millis() < retryAt) {
      return present;
    }
    return retry();
  }

  private synchronized @Nullable TierFolder retry() {
    if (open != null || closed || settings.clock().millis() < retryAt) {
      return open;
    }
    try {
      if (device != null && !TierFolder.isTier(path()) && !device.equals(device())) {
        // Where its disk was mounted there is another one now: it would be filled.
        retryAt = later();
        return null;
      }
      TierFolder opened = TierFolder.open(settings, counters);
      device = device();
      open = opened;
      if (told) {
        told = false;
        voice.notice("The " + name() + " can be used again.");
      }
      return opened;
    } catch (IOException e) {
      giveUp(e);
      return null;
    }
  }

  /**
   * Passes over the tier for a while, as something failed.
   *
   * @throws HdlException with {@link ErrorCode#CANCELLED} if it failed for an interrupt alone
   */
  synchronized void failed(TierFolder folder, IOException e) {
    if (e instanceof ClosedByInterruptException) {
      throw new HdlException(
          ErrorCode.CANCELLED, "Reading or writing the " + name() + " was interrupted.", e);
    }
    counters.failures.increment();
    if (open == folder) {
      open = null;
      folder.abandon();
      lost.add(folder);
      giveUp(e);
    }
  }

  private void giveUp(IOException e) {
    retryAt = later();
    if (!told) {
      told = true;
      voice.warning(
          "The "
              + name()
              + " cannot be used: "
              + FileFailure.of("use", path(), e).getMessage()
              + " The work goes on without it; it is tried again every "
              + PAUSE.toSeconds()
              + " s.");
    }
  }

  private long later() {
    return settings.clock().millis() + PAUSE.toMillis();
  }

  String name() {
    return tier() == Tier.SCRATCH
        ? "temporary folder " + path()
        : tier().label() + " tier " + path();
  }

  /** The disk that the folder is on, or would be. */
  private Object device() throws IOException {
    Path existing = path();
    while (!Files.exists(existing)) {
      existing = Objects.requireNonNull(existing.getParent(), "the root is there");
    }
    return Files.getAttribute(existing, "unix:dev");
  }

  /** Gives up all that is held in it. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    TierFolder present = open;
    open = null;
    if (present != null) {
      lost.add(present);
    }
    for (TierFolder folder : lost) {
      try {
        folder.close();
      } catch (IOException e) {
        // What is left there is removed by whoever uses the tier next.
        counters.failures.increment();
      }
    }
    lost.clear();
  }
}
