package io.hdl.train.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Parameter;
import io.hdl.train.loss.OwnedArrays;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** PatchTST's forward pass. */
final class PatchTstBlock extends ForecastBlock {
  /** As PyTorch's attention has it, query, key and value come from one product. */
  private record Encoder(
      Layer attention,
      Layer output,
      EncoderNorm attentionNorm,
      Layer hidden,
      Layer back,
      EncoderNorm hiddenNorm) {}

  /** Norms {@code [batch, patches, width]}. */
  @FunctionalInterface
  private interface EncoderNorm {
    NDArray apply(NDArray values, Pass pass);
  }

  private final PatchTst model;
  private final WindowShape window;
  private final int patches;
  private final Layer embedding;
  private final Parameter position;
  private final List<Encoder> encoders = new ArrayList<>();
  private final Layer head;

  PatchTstBlock(PatchTst model, WindowShape window, long seed) {
    super(window, model.centering(), seed);
    this.model = model;
    this.window = window;
    int padded = Math.max(model.patch(), window.context() + model.stride());
    patches = (padded - model.patch()) / model.stride() + 1;
    int width = model.width();
    embedding = layer("embedding", model.patch(), width);
    position = parameter("position", Parameter.Type.WEIGHT, new Shape(patches, width), 0.02);
    for (int l = 0; l < model.layers(); l++) {
      String name = "encoder" + l + ".";
      encoders.add(
          new Encoder(
              layer(name + "attention", width, 3 * width),
              layer(name + "output", width, width),
              encoderNorm(name + "attention_norm"),
              layer(name + "hidden", width, model.feedForward()),
              layer(name + "back", model.feedForward(), width),
              encoderNorm(name + "hidden_norm")));
    }
    head = layer("head", patches * width, window.horizon() * window.outputs());
  }

  private EncoderNorm encoderNorm(String name) {
    if (model.norm() == PatchTst.Norm.LAYER) {
      Norm norm = norm(name, model.width());
      return norm::apply;
    }
    BatchNorm norm = batchNorm(name, model.width());
    return (values, pass) ->
        norm.apply(values.reshape(-1, model.width()), pass).reshape(values.getShape());
  }

  @Override
  NDArray forecast(ForecastInputs inputs, Pass pass) {
    long batch = inputs.target().getShape().get(0);
    NDArray x = embedding.apply(patches(inputs.target()), pass).add(pass.of(position));
    x = pass.dropout(x, model.dropout());
    NDArray scores = null;
    for (Encoder encoder : encoders) {
      NDArray mixed = encoder.attention().apply(x, pass);
      NDList parts = attention(mixed, scores);
      scores = parts.get(1);
      NDArray attended = encoder.output().apply(parts.get(0), pass);
      x = encoder.attentionNorm().apply(x.add(pass.dropout(attended, model.dropout())), pass);
      NDArray hidden = Activation.gelu(encoder.hidden().apply(x, pass));
      NDArray back = encoder.back().apply(pass.dropout(hidden, model.dropout()), pass);
      x = encoder.hiddenNorm().apply(x.add(pass.dropout(back, model.dropout())), pass);
    }
    return head.apply(x.reshape(batch, (long) patches * model.width()), pass);
  }

  /** The patches of the context, its last value repeated at the end, {@code [batch, n, patch]}. */
  private NDArray patches(NDArray target) {
    int context = window.context();
    int padded = (patches - 1) * model.stride() + model.patch();
    NDArray series = target;
    if (padded > context) {
      NDArray last = target.get(":, " + (context - 1) + ":").repeat(1, padded - context);
      series = NDArrays.concat(new NDList(target, last), 1);
    }
    NDList cut = new NDList();
    for (int p = 0; p < patches; p++) {
      int from = p * model.stride();
      cut.add(series.get(":, " + from + ":" + (from + model.patch())));
    }
    return NDArrays.stack(cut, 1);
  }

  /**
   * Attention over the patches, all heads at once.
   *
   * @param mixed query, key and value side by side, {@code [batch, patches, 3 width]}
   * @param before the scores of the layer before, if there is one
   * @return the values attended to, {@code [batch, patches, width]}, and the scores
   */
  private NDList attention(NDArray mixed, @Nullable NDArray before) {
    long batch = mixed.getShape().get(0);
    int heads = model.heads();
    int each = model.width() / heads;
    NDArray split = mixed.reshape(batch, patches, 3, heads, each).transpose(2, 0, 3, 1, 4);
    NDArray query = split.get(0);
    query = query.mul(OwnedArrays.number(1 / Math.sqrt(each), query));
    NDArray scores = query.matMul(split.get(1).transpose(0, 1, 3, 2));
    if (before != null) {
      scores = scores.add(before);
    }
    NDArray values = scores.softmax(-1).matMul(split.get(2));
    return new NDList(values.transpose(0, 2, 1, 3).reshape(batch, patches, model.width()), scores);
  }
}
