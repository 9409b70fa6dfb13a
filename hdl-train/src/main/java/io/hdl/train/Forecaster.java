package io.hdl.train;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import com.google.common.hash.Hashing;
import io.hdl.core.environment.HybridEnvironment;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.job.PythonLoader;
import io.hdl.core.storage.AtomicPublish;
import io.hdl.core.storage.FileFailure;
import io.hdl.data.feature.FeaturePipeline;
import io.hdl.data.feature.FittedFeatures;
import io.hdl.data.series.Channel;
import io.hdl.data.series.Scaler;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.WindowBatch;
import io.hdl.train.checkpoint.Safetensors;
import io.hdl.train.evaluate.WindowPredictor;
import io.hdl.train.model.FlatParameters;
import io.hdl.train.model.ForecastModel;
import io.hdl.train.model.WindowFeatures;
import io.hdl.train.model.WindowForecasts;
import io.hdl.train.parallel.Devices;
import io.hdl.train.parallel.EngineFailure;
import io.hdl.train.parallel.TorchEngine;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A trained model that forecasts the future of series, in the target's own unit.
 *
 * <pre>{@code
 * try (Forecaster forecaster = Forecaster.load(run.resolve("model"))) {
 *   Forecast future = forecaster.forecast(store, FutureRequest.all());
 * }
 * }</pre>
 *
 * <p>Forecasting is thread-safe; {@link #close} must not be called meanwhile. Whoever gets a
 * forecaster from a job, or loads one, closes it.
 */
public final class Forecaster implements AutoCloseable {
  /** Name of the file that holds the weights of a saved forecaster. */
  static final String WEIGHTS = "weights.safetensors";

  private final Manifest manifest;
  private final WindowFeatures features;
  private final NDManager manager;
  private final Block block;
  private final FlatParameters parameters;
  private final WindowForecasts forecasts;

  private Forecaster(Manifest manifest, Device device) {
    this.manifest = manifest;
    this.features = manifest.features();
    this.manager = TorchEngine.start().newBaseManager(device);
    try {
      this.block = features.block(manifest.model(), manifest.window(), 0);
      this.parameters = new FlatParameters(block, manifest.window(), manager);
      this.forecasts =
          new WindowForecasts(manifest.model(), features, manifest.loss(), block, parameters);
    } catch (RuntimeException e) {
      manager.close();
      throw e;
    }
  }

  /** A forecaster with trained weights, flat. */
  static Forecaster of(Manifest manifest, float[] weights, Device device) {
    Forecaster forecaster = new Forecaster(manifest, device);
    forecaster.parameters.set(weights);
    return forecaster;
  }

  /** Steps that it has to see. */
  public int context() {
    return manifest.context();
  }

  /** Steps that it forecasts. */
  public int horizon() {
    return manifest.horizon();
  }

  /** The quantiles that it forecasts, ascending; empty if it was not trained for quantiles. */
  public List<Double> quantiles() {
    return manifest.loss().quantiles();
  }

  /** The channels that data must have, the target first; features are made of them. */
  public List<Channel> channels() {
    return manifest.fitted().map(FittedFeatures::channels).orElse(manifest.channels());
  }

  /** The settings that it was trained with, by dotted name. */
  public Map<String, String> training() {
    return manifest.training();
  }

  /** Number of weights. */
  public long weightCount() {
    return parameters.flat().size();
  }

  /** SHA-256 of the weights, in hex: the same for the same bits. */
  public String weightsSha256() {
    return sha256(parameters.toArray());
  }

  private static String sha256(float[] weights) {
    ByteBuffer bytes =
        ByteBuffer.allocate(weights.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(weights);
    return Hashing.sha256().hashBytes(bytes.array()).toString();
  }

  /**
   * The future of series: the steps after each one's last observed target.
   *
   * @param data series with the channels and constants that the model was trained on; may hold
   *     other series and later steps than the training data did
   * @param request which series, and where covariates come from that the data does not hold
   * @throws HdlException with {@code NOT_FOUND} if a key does not exist, {@code NOT_ENOUGH_DATA} if
   *     a series that was asked for by key is shorter than the context, {@code INVALID_DATA} if a
   *     covariate for a future step is missing, {@code SCHEMA_MISMATCH} if the data has other
   *     columns
   */
  public Forecast forecast(SeriesStore data, FutureRequest request) {
    return new FutureForecasts(this, data, request).make();
  }

  /**
   * Possible futures of series, drawn at random from what the model forecasts: the steps after each
   * one's last observed target. The draws come from a fixed seed and the values of the series'
   * context, so that a path is the same whenever it is drawn, and whatever else is asked for.
   *
   * <p>The steps of a path belong together if the model draws it step by step, as DeepAR does; the
   * other models forecast each step's distribution alone, and the steps of their paths are
   * independent of each other.
   *
   * @param data as for {@link #forecast(SeriesStore, FutureRequest)}
   * @param request which series, and where covariates come from that the data does not hold
   * @param paths number of paths per series, at least 1
   * @throws HdlException with {@code UNSUPPORTED_FEATURE} if the model was not trained for the
   *     likelihood of a distribution, else as for a forecast
   */
  public SamplePaths samplePaths(SeriesStore data, FutureRequest request, int paths) {
    if (paths < 1) {
      throw new IllegalArgumentException("paths: " + paths + " (expected: >= 1)");
    }
    return new FutureForecasts(this, data, request).paths(paths);
  }

  /**
   * Forecasts windows of a store, for instance those of an evaluation. The predictor belongs to one
   * thread, which closes it; it must not be used after this forecaster is closed. If the model was
   * trained on features, they are made of the whole store at once and take memory of their own,
   * until the predictor is no longer used.
   *
   * @throws HdlException with {@code SCHEMA_MISMATCH} if the data has other columns
   */
  public WindowPredictor predictor(SeriesStore data) {
    SeriesStore features = manifest.fitted().map(fitted -> fitted.apply(data)).orElse(data);
    return predictorOfFeatures(features, Scaler.fromJson(manifest.scaler(), features));
  }

  /** Forecasts windows of a store that has the features already. */
  WindowPredictor predictorOfFeatures(SeriesStore features, Scaler scaler) {
    return new StorePredictor(this, features, scaler);
  }

  Manifest manifest() {
    return manifest;
  }

  WindowFeatures features() {
    return features;
  }

  /** The forecasts of a batch, {@code [batch][horizon][width]}: the point, then quantiles. */
  float[] forecast(WindowBatch batch, Scaler scaler) {
    try {
      return forecasts.of(batch, scaler, manager);
    } catch (EngineException e) {
      throw EngineFailure.of("forecast", e);
    }
  }

  /** Sample paths of a batch, {@code [batch][horizon][paths]}. */
  float[] paths(WindowBatch batch, Scaler scaler, int paths) {
    try {
      return forecasts.paths(batch, scaler, manager, paths);
    } catch (EngineException e) {
      throw EngineFailure.of("draw sample paths", e);
    }
  }

  /** Values per step of a forecast. */
  int width() {
    return forecasts.width();
  }

  /**
   * How Python loads what {@link #save} writes, and which rows it then takes and gives; writes the
   * Python package, which the loader names.
   *
   * @param code folder to write the package into, as {@link
   *     io.hdl.train.export.PythonPackage#writeTo} does
   * @throws HdlException with {@code UNSUPPORTED_FEATURE} if the model or its features are made by
   *     Java alone
   */
  public PythonLoader pythonLoader(Path code) {
    return PythonTable.loader(List.of(manifest), quantiles(), code, List.of());
  }

  /**
   * Saves this forecaster as a folder, replacing one that lies there: the weights as safetensors,
   * features and all else as JSON.
   *
   * @throws HdlException if it cannot be written
   */
  public void save(Path folder) {
    float[] weights = parameters.toArray();
    Map<String, Safetensors.Tensor> tensors = new LinkedHashMap<>();
    int offset = 0;
    for (Map.Entry<String, Shape> entry : parameters.shapes().entrySet()) {
      int size = Math.toIntExact(entry.getValue().size());
      tensors.put(
          entry.getKey(),
          new Safetensors.Tensor(
              Arrays.stream(entry.getValue().getShape()).boxed().toList(),
              Arrays.copyOfRange(weights, offset, offset + size)));
      offset += size;
    }
    AtomicPublish.folder(
        folder,
        inside -> {
          Map<String, String> metadata = Map.of("model", manifest.model().name());
          AtomicPublish.file(inside.resolve(WEIGHTS), new Safetensors(tensors, metadata)::writeTo);
          manifest.model().save(block, parameters, inside);
          manifest.fitted().ifPresent(fitted -> fitted.save(inside.resolve(SavedFeatures.FILE)));
          AtomicPublish.text(inside.resolve(Manifest.FILE), manifest.toJson(sha256(weights)));
        });
  }

  /**
   * Loads a saved forecaster to the first GPU if there is one, else to the CPU.
   *
   * @param folder what {@link #save} wrote, for instance the {@code model} folder of a run
   * @throws HdlException with {@code NOT_FOUND} if there is none, {@code CORRUPT_DATA} if it is
   *     damaged, {@code UNSUPPORTED_FEATURE} if another release wrote it in a format unknown here,
   *     {@code INVALID_ARGUMENT} if it was trained with custom features
   */
  public static Forecaster load(Path folder) {
    return load(folder, Optional.empty(), FeaturePipeline.empty());
  }

  /**
   * Loads a saved forecaster with custom features, whose code is not saved.
   *
   * @param pipeline the features that it was trained with
   */
  public static Forecaster load(Path folder, FeaturePipeline pipeline) {
    return load(folder, Optional.empty(), pipeline);
  }

  /**
   * Loads a saved forecaster whose model hdl does not bring.
   *
   * @param model the specification that it was trained with
   */
  public static Forecaster load(Path folder, ForecastModel model) {
    return load(folder, Optional.of(model), FeaturePipeline.empty());
  }

  /**
   * Loads a saved forecaster whose model hdl does not bring, with custom features.
   *
   * @param model the specification that it was trained with
   * @param pipeline the features that it was trained with
   */
  public static Forecaster load(Path folder, ForecastModel model, FeaturePipeline pipeline) {
    return load(folder, Optional.of(model), pipeline);
  }

  private static Forecaster load(
      Path folder, Optional<ForecastModel> model, FeaturePipeline pipeline) {
    Path file = folder.resolve(Manifest.FILE);
    if (!Files.exists(file)) {
      throw new HdlException(
          ErrorCode.NOT_FOUND,
          "Cannot load a forecaster from "
              + folder
              + ": there is no "
              + Manifest.FILE
              + ". Name the folder that was saved, such as the model folder of a run.");
    }
    String json;
    try {
      json = Files.readString(file);
    } catch (IOException e) {
      throw FileFailure.of("read", file, e);
    }
    Manifest.Saved saved = Manifest.fromJson(json, file, model, pipeline);
    Safetensors content = Safetensors.read(folder.resolve(WEIGHTS));
    Device device = Devices.auto().resolve(HybridEnvironment.Kind.GENERIC_HOST).get(0);
    Forecaster forecaster = new Forecaster(saved.manifest(), device);
    try {
      float[] weights =
          SavedWeights.flat(folder.resolve(WEIGHTS), content, forecaster.parameters.shapes());
      if (!sha256(weights).equals(saved.weightsSha256())) {
        throw SavedWeights.corrupt(
            folder.resolve(WEIGHTS), "its checksum is not the one in " + Manifest.FILE);
      }
      forecaster.parameters.set(weights);
      return forecaster;
    } catch (RuntimeException e) {
      forecaster.close();
      throw e;
    }
  }

  /** Gives the weights' memory back. Idempotent. */
  @Override
  public void close() {
    parameters.close();
    manager.close();
  }
}
