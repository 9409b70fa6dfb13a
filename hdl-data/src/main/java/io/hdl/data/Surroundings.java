package io.hdl.data;

import io.hdl.core.environment.HybridEnvironment;
import io.hdl.core.identity.Redaction;
import io.hdl.core.job.JobContext;
import io.hdl.core.run.Home;
import io.hdl.data.cache.CacheListener;
import io.hdl.data.cache.CacheTiers;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who opens a source: what stops it, who is told, and what the machine offers. */
interface Surroundings {
  /** Called before each batch and while waiting; may throw. */
  void checkpoint();

  /** Takes what people should know. */
  void warning(String text);

  /** Takes what a cache tells. */
  CacheListener cacheListener();

  /** Where files of a lake are kept unless a source says otherwise. */
  CacheTiers defaultTiers();

  /** For whom a version that was read is kept; empty outside a job. */
  Optional<String> holder();

  /** The time. */
  Clock clock();

  /** A running job. */
  static Surroundings of(JobContext context) {
    return new Surroundings() {
      @Override
      public void checkpoint() {
        context.cancellation().throwIfRequested();
      }

      @Override
      public void warning(String text) {
        context.warning(text);
      }

      @Override
      public CacheListener cacheListener() {
        return CacheListener.of(context.events(), context.clock());
      }

      @Override
      public CacheTiers defaultTiers() {
        return CacheTiers.fromEnvironment(context.environment(), context.directory().home());
      }

      @Override
      public Optional<String> holder() {
        return Optional.of(context.directory().job() + "/" + context.directory().runId());
      }

      @Override
      public Clock clock() {
        return context.clock();
      }
    };
  }

  /**
   * A program of its own.
   *
   * @param home the home directory; without one it is that of the environment
   */
  static Surroundings outsideAJob(Optional<Path> home) {
    return new Surroundings() {
      @Override
      public void checkpoint() {}

      @Override
      public void warning(String text) {
        Log.LOG.warn(Redaction.text(text));
      }

      @Override
      public CacheListener cacheListener() {
        return CacheLog.listener();
      }

      @Override
      public CacheTiers defaultTiers() {
        return CacheTiers.fromEnvironment(
            HybridEnvironment.detect(), home.orElseGet(() -> Home.resolve(System.getenv())));
      }

      @Override
      public Optional<String> holder() {
        return Optional.empty();
      }

      @Override
      public Clock clock() {
        return Clock.systemUTC();
      }
    };
  }

  /** Made only when there is something to say: a warm start has no time for it. */
  final class Log {
    static final Logger LOG = LoggerFactory.getLogger(DeltaSource.class);

    private Log() {}
  }
}
