package io.hdl.train.parallel;

import io.hdl.data.series.WindowBatch;
import java.nio.FloatBuffer;

/** Counts the labels of batches that are observed. Belongs to the thread that trains. */
final class ObservedLabels {
  private float[] horizon = new float[0];

  /** Number of values of the target over the horizon that are not missing. */
  long observed(WindowBatch batch) {
    if (batch.size() == 0) {
      return 0;
    }
    FloatBuffer values = batch.values();
    int steps = batch.context() + batch.horizon();
    int channels = values.remaining() / (batch.size() * steps);
    if (horizon.length != batch.horizon() * channels) {
      horizon = new float[batch.horizon() * channels];
    }
    long observed = 0;
    for (int i = 0; i < batch.size(); i++) {
      values.get((i * steps + batch.context()) * channels, horizon);
      for (int at = 0; at < horizon.length; at += channels) {
        observed += Float.isNaN(horizon[at]) ? 0 : 1;
      }
    }
    return observed;
  }
}
