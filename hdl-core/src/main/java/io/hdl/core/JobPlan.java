package io.hdl.core;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import io.hdl.core.environment.HybridEnvironment;
import io.hdl.core.event.JobListener;
import io.hdl.core.identity.Redaction;
import io.hdl.core.job.DataSource;
import io.hdl.core.job.Tracker;
import io.hdl.core.job.TrackingListener;
import io.hdl.core.job.Trainer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** All settings of a job, checked. */
record JobPlan<D, M>(
    String name,
    DataSource<D> source,
    Trainer<? super D, M> trainer,
    Tracker tracker,
    Path home,
    Optional<HybridEnvironment> environment,
    long seed,
    List<JobListener> listeners,
    List<TrackingListener> trackingListeners,
    Duration gracePeriod,
    WhenBusy whenBusy,
    Clock clock) {

  /** What decides the result, less secrets: the settings of source and trainer, and the seed. */
  Map<String, String> decisive() {
    Map<String, String> settings = new LinkedHashMap<>(source.settings());
    settings.putAll(trainer.settings());
    settings.put("seed", Long.toString(seed));
    return Redaction.values(settings);
  }

  /** Every setting, those of the tracker too, less secrets. */
  Map<String, String> settings() {
    Map<String, String> settings = decisive();
    settings.putAll(tracker.settings());
    return Redaction.values(settings);
  }

  /** SHA-256 over the decisive settings, in hex. */
  String fingerprint() {
    Hasher hasher = Hashing.sha256().newHasher();
    new TreeMap<>(decisive())
        .forEach(
            (key, value) ->
                hasher
                    .putInt(key.length())
                    .putString(key, StandardCharsets.UTF_8)
                    .putInt(value.length())
                    .putString(value, StandardCharsets.UTF_8));
    return hasher.hash().toString();
  }
}
