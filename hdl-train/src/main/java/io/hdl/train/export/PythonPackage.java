package io.hdl.train.export;

import io.hdl.core.error.HdlException;
import io.hdl.core.storage.AtomicPublish;
import io.hdl.core.storage.FileFailure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * The Python package {@code hdl_forecasters}: it implements hdl's forecasters in PyTorch and gives
 * the forecasts of a folder that {@code Forecaster.save} wrote. It needs Python 3.9, torch and
 * numpy.
 *
 * <pre>{@code
 * forecaster.save(Path.of("model"));
 * PythonPackage.writeTo(Path.of("python"));
 * }</pre>
 *
 * <p>Then, with {@code PYTHONPATH=python}:
 *
 * <pre>{@code
 * import hdl_forecasters
 * forecaster = hdl_forecasters.load("model")
 * forecast = forecaster.forecast(values)    # values [steps, channels], see help(forecaster.forecast)
 * }</pre>
 *
 * <p>{@code python -m hdl_forecasters.onnx model model.onnx} writes the network as ONNX; that needs
 * the package onnx, too. Thread-safe.
 */
public final class PythonPackage {
  /** Name of the package. */
  public static final String NAME = "hdl_forecasters";

  /** Name of its module that MLflow loads a saved forecaster with; needs pandas, too. */
  public static final String LOADER = NAME + ".pyfunc";

  static final List<String> FILES =
      List.of(
          "__init__.py",
          "__main__.py",
          "deepar.py",
          "distributions.py",
          "dlinear.py",
          "features.py",
          "fixtures.py",
          "losses.py",
          "module.py",
          "nbeats.py",
          "nhits.py",
          "nlinear.py",
          "onnx.py",
          "patchtst.py",
          "pyfunc.py",
          "reader.py",
          "registry.py",
          "safetensors.py",
          "table.py",
          "tide.py",
          "torchscript.py",
          "tsmixer.py",
          "window.py");

  private PythonPackage() {}

  /**
   * Writes the package into a folder, replacing an older one there.
   *
   * @param folder what has to be on Python's path
   * @return the package's own folder in it
   * @throws HdlException if it cannot be written
   */
  public static Path writeTo(Path folder) {
    Path target = folder.resolve(NAME);
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw FileFailure.of("create", folder, e);
    }
    AtomicPublish.folder(
        target,
        inside -> {
          for (String file : FILES) {
            String resource = "python/" + NAME + "/" + file;
            try (InputStream content =
                Objects.requireNonNull(
                    PythonPackage.class.getResourceAsStream(resource), resource)) {
              Files.copy(content, inside.resolve(file));
            }
          }
        });
    return target;
  }
}
