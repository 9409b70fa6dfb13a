package io.hdl.train.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.hdl.core.error.Problems;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.Split;
import java.util.List;
import java.util.stream.Collectors;

/** A loss whose labels count by the weight of their step of the horizon. */
record StepWeightedLoss(Loss loss, List<Double> weights) implements ForwardingLoss {
  StepWeightedLoss {
    weights = List.copyOf(weights);
    double sum = 0;
    for (double weight : weights) {
      Arguments.require(
          weight >= 0 && Double.isFinite(weight), "weights", weights, "finite and not negative");
      sum += weight;
    }
    Arguments.require(sum > 0, "weights", weights, "at least one above 0");
  }

  @Override
  public String name() {
    return "weighted(steps "
        + weights.stream().map(String::valueOf).collect(Collectors.joining(" "))
        + ": "
        + loss.name()
        + ")";
  }

  @Override
  public void check(int horizon, Problems problems) {
    problems.require(
        horizon == weights.size(),
        () ->
            "loss: "
                + weights.size()
                + " weights of steps (expected: "
                + horizon
                + ", one for each step of the horizon)");
    loss.check(horizon, problems);
  }

  @Override
  public Loss on(SeriesStore store, Split split) {
    return new StepWeightedLoss(loss.on(store, split), weights);
  }

  @Override
  public NDArray sum(LossTensors tensors) {
    float[] steps = new float[weights.size()];
    double mean = weights.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    for (int step = 0; step < steps.length; step++) {
      steps[step] = (float) (weights.get(step) / mean);
    }
    NDArray factor =
        OwnedArrays.of(tensors.output().getManager(), steps, new Shape(1, steps.length));
    return loss.sum(tensors.weighing(tensors.weight().mul(factor)));
  }
}
