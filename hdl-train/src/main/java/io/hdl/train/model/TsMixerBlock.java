package io.hdl.train.model;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import java.util.ArrayList;
import java.util.List;

/** The basic TSMixer's forward pass, its one channel the target. */
final class TsMixerBlock extends ForecastBlock {
  private record Mixing(Norm timeNorm, Layer time, Norm featureNorm, Layer hidden, Layer output) {}

  private final double dropout;
  private final List<Mixing> mixings = new ArrayList<>();
  private final Layer linear;

  TsMixerBlock(TsMixer model, WindowShape window, long seed) {
    super(window, model.centering(), seed);
    dropout = model.dropout();
    int context = window.context();
    for (int b = 0; b < model.blocks(); b++) {
      String name = "block" + b;
      mixings.add(
          new Mixing(
              norm(name + ".timeNorm", context, 1),
              layer(name + ".time", context, context),
              norm(name + ".featureNorm", context, 1),
              layer(name + ".hidden", 1, model.hidden()),
              layer(name + ".output", model.hidden(), 1)));
    }
    linear = layer("linear", context, window.horizon() * window.outputs());
  }

  @Override
  NDArray forecast(ForecastInputs inputs, Pass pass) {
    NDArray x = inputs.target().expandDims(2);
    for (Mixing mixing : mixings) {
      NDArray steps = mixing.timeNorm().apply(x, pass).squeeze(2);
      NDArray mixed = Activation.relu(mixing.time().apply(steps, pass)).expandDims(2);
      x = x.add(pass.dropout(mixed, dropout));
      NDArray features = mixing.featureNorm().apply(x, pass);
      NDArray hidden = Activation.relu(mixing.hidden().apply(features, pass));
      NDArray output = mixing.output().apply(pass.dropout(hidden, dropout), pass);
      x = x.add(pass.dropout(output, dropout));
    }
    return linear.apply(x.squeeze(2), pass);
  }
}
