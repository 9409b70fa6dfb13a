package io.hdl.samples;

import io.hdl.train.Forecaster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A trained model of a candidate.
 *
 * @param candidate whose it is
 * @param seed what its random choices came from
 * @param folder where it is saved
 * @param bestEpoch the epoch whose weights it has
 * @param took how long it was trained
 * @param forecaster the model, open
 */
record TrainedMember(
    String candidate, long seed, Path folder, int bestEpoch, Duration took, Forecaster forecaster)
    implements AutoCloseable {
  /** The member as nested maps, for JSON. */
  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("seed", seed);
    json.put("savedModel", folder.toString());
    json.put("weightsSha256", forecaster.weightsSha256());
    json.put("weights", forecaster.weightCount());
    json.put("context", forecaster.context());
    json.put("bestEpoch", bestEpoch);
    json.put("trainingSeconds", took.toMillis() / 1000.0);
    return json;
  }

  @Override
  public void close() {
    forecaster.close();
  }
}
