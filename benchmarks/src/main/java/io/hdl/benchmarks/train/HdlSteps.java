package io.hdl.benchmarks.train;

import ai.djl.Device;
import io.hdl.train.loss.Losses;
import io.hdl.train.model.WindowFeatures;
import io.hdl.train.optim.Adam;
import io.hdl.train.parallel.ReplicaGroup;

/** hdl's own step: scaling of the windows, forward, backward, fused Adam. */
final class HdlSteps implements Steps {
  private final StepData data;
  private final ReplicaGroup replicas;
  private long step;

  HdlSteps(StepCase sizes) {
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
            0);
    replicas = new ReplicaGroup(Device.cpu(), sizes.model().block(sizes.window(), 1), task);
    replicas.seed(1);
  }

  @Override
  public void run(int steps) {
    for (int i = 0; i < steps; i++) {
      replicas.step(data.batch(step++), 1);
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
