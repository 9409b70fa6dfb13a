package io.hdl.train.model;

import ai.djl.nn.Block;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A PyTorch module that colleagues wrote in Python, trained further or from its first weights.
 *
 * <pre>{@code
 * class Net(torch.nn.Module):                       # in Python
 *     def forward(self, target, observed, past, known, constants):
 *         return ...                                # [batch, horizon, outputs]
 * torch.jit.script(Net()).save("net.pt")
 *
 * ForecastTraining.of(TorchScriptModel.load(Path.of("net.pt")))       // in Java
 * }</pre>
 *
 * <p>The module's {@code forward} takes the five arrays of {@link ForecastInputs} in their order,
 * or one, the target {@code [batch, context]}, and gives {@code [batch, horizon, outputs]} or the
 * same values as {@code [batch, horizon * outputs]}. It is in training mode while it trains and in
 * evaluation mode otherwise. All parameters that require a gradient are trained; the others, and
 * float buffers such as a batch norm's running statistics, are kept and saved with the weights.
 *
 * <p>A saved forecaster holds the trained module as {@code module.pt}, in evaluation mode and with
 * its buffers, which Python opens with {@code torch.jit.load}; {@code Forecaster.load(folder)}
 * reads it back. Immutable and thread-safe.
 */
public final class TorchScriptModel implements ForecastModel {
  static final String NAME = "torchscript";

  /** Name of the file that holds the trained module in a saved forecaster. */
  static final String FILE = "module.pt";

  private static final int ALL_INPUTS = 5;

  private final TorchScriptArchive archive;
  private final int inputs;

  private TorchScriptModel(TorchScriptArchive archive, int inputs) {
    this.archive = archive;
    this.inputs = inputs;
  }

  /**
   * Reads a scripted module; it is checked here and opened on each device when training begins.
   *
   * @param file what {@code torch.jit.script(module).save(...)} wrote
   * @throws HdlException with {@code NOT_FOUND} if there is no such file, {@code CORRUPT_DATA} if
   *     it is no TorchScript archive, {@code UNSUPPORTED_FEATURE} if the module was traced, has
   *     arrays of another type than float32 (such as bfloat16), names a device in its code, or
   *     takes neither one nor five arrays
   */
  public static TorchScriptModel load(Path file) {
    TorchScriptArchive archive = TorchScriptArchive.read(file);
    int inputs = archive.forwardArguments();
    if (inputs != 1 && inputs != ALL_INPUTS) {
      throw new HdlException(
          ErrorCode.UNSUPPORTED_FEATURE,
          "Cannot load the TorchScript module "
              + file
              + ": its forward method takes "
              + (inputs < 0 ? "no arguments that could be read" : inputs + " arguments")
              + " (expected: target, observed, past, known, constants, or target alone).");
    }
    return new TorchScriptModel(archive, inputs);
  }

  @Override
  public String name() {
    return NAME;
  }

  /** The checksum of the module's code: weights are no setting. */
  @Override
  public Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("code", archive.codeSha256());
    settings.put("inputs", Integer.toString(inputs));
    return settings;
  }

  @Override
  public boolean seesCovariates() {
    return inputs == ALL_INPUTS;
  }

  @Override
  public Optional<String> notBfloat16() {
    return Optional.of("its module computes as it was written; cast in there");
  }

  @Override
  public Optional<String> notPortable() {
    if (archive.isRandom()) {
      return Optional.of("its module draws from the engine's one generator, as dropout does");
    }
    return archive.hasBatchNorm()
        ? Optional.of("its batch norm takes the statistics of a replica's own windows")
        : Optional.empty();
  }

  /**
   * A Block with the module's own weights.
   *
   * @param seed of no effect
   */
  @Override
  public Block block(WindowShape window, long seed) {
    return new TorchScriptBlock(archive, inputs, window);
  }

  @Override
  public void save(Block block, FlatParameters parameters, Path folder) {
    Objects.requireNonNull(TorchScriptBlock.in(block), "no module")
        .save(parameters.reading(), folder.resolve(FILE));
  }

  @Override
  public String toString() {
    return NAME + settings();
  }
}
