package io.hdl.benchmarks.train;

import io.hdl.core.environment.HybridEnvironment;
import io.hdl.train.loss.Losses;
import io.hdl.train.model.WindowFeatures;
import io.hdl.train.optim.Adam;
import io.hdl.train.parallel.Determinism;
import io.hdl.train.parallel.Devices;
import io.hdl.train.parallel.Precision;
import io.hdl.train.parallel.ReplicaGroup;

/** hdl's own step: scaling of the windows, forward, backward, fused Adam. */
final class HdlSteps implements Steps {
  private final StepData data;
  private final ReplicaGroup replicas;
  private long step;

  /**
   * Brings a model to devices.
   *
   * @param devices what it trains on
   * @param determinism how its gradients are summed
   * @param precision in which number format it computes
   */
  HdlSteps(StepCase sizes, Devices devices, Determinism determinism, Precision precision) {
    data = new StepData(sizes);
    WindowFeatures features =
        WindowFeatures.of(data.store().channels(), data.store().constants(), sizes.model());
    ReplicaGroup.Task task =
        new ReplicaGroup.Task(
            sizes.model(),
            features,
            sizes.window(),
            data.scaler(),
            Losses.mae(),
            0,
            Adam.learningRate(1e-3),
            0,
            1,
            precision,
            1);
    replicas =
        ReplicaGroup.of(devices.resolve(HybridEnvironment.Kind.GENERIC_HOST), determinism, task);
  }

  @Override
  public void run(int steps) {
    for (int i = 0; i < steps; i++) {
      replicas.step(data.batch(step), 1, step);
      step++;
    }
    double mean = replicas.takeLoss().mean();
    if (!Double.isFinite(mean)) {
      throw new IllegalStateException("the loss is " + mean);
    }
  }

  @Override
  public double loss() {
    return replicas.loss(data.batch(0)).mean();
  }

  @Override
  public long weights() {
    return replicas.parameters().flat().size();
  }

  @Override
  public void close() {
    replicas.close();
    data.close();
  }
}
