package io.hdl.train.parallel;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.engine.StandardCapabilities;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Starts DJL with PyTorch without any network access. Thread-safe.
 *
 * <p>The number of host-side threads is libtorch's own default, the number of physical cores,
 * unless the system property {@code ai.djl.pytorch.num_threads} says otherwise before the first
 * start. Results are the same bits only for the same number of threads.
 */
public final class TorchEngine {
  private static final String NAME = "PyTorch";

  private static @Nullable Engine running;

  private TorchEngine() {}

  /**
   * The running engine; starts it on the first call. Sets the system properties {@code
   * OPT_OUT_TRACKING} and {@code ai.djl.offline} to {@code true} unless they, or the environment
   * variables {@code OPT_OUT_TRACKING} and {@code DJL_OFFLINE}, are set: DJL would otherwise ask a
   * cloud's metadata service and download native libraries. What it would download is refused
   * whatever they say.
   *
   * @throws HdlException with {@link ErrorCode#ENVIRONMENT_MISMATCH} if libtorch and DJL's bridge
   *     to it do not fit, or cannot be loaded
   */
  public static synchronized Engine start() {
    Engine engine = running;
    if (engine != null) {
      return engine;
    }
    setUnlessGiven("OPT_OUT_TRACKING", "OPT_OUT_TRACKING");
    setUnlessGiven("ai.djl.offline", "DJL_OFFLINE");
    LibtorchFiles files = LibtorchFiles.find();
    try {
      engine = Engine.getEngine(NAME);
    } catch (EngineException | LinkageError e) {
      throw new HdlException(
          ErrorCode.ENVIRONMENT_MISMATCH,
          "Cannot start PyTorch in this JVM: "
              + rootMessage(e)
              + " (libtorch "
              + files.libtorch()
              + " for "
              + files.flavor()
              + " of "
              + files.origin()
              + ", bridge "
              + files.jni()
              + "). Check that the libraries it needs are installed, or bring the libtorch that"
              + " docs/dependencies.md names.",
          e);
    }
    running = engine;
    return engine;
  }

  /**
   * Starts the engine, ahead of the thread that will ask for it: that one waits for the rest.
   *
   * @throws HdlException as {@link #start} does
   */
  public static void prepare() {
    Engine engine = start();
    try (NDManager manager = engine.newBaseManager(Device.cpu())) {
      // The first tensor binds the bridge, and the first sum the threads.
      manager.ones(new Shape(1)).sum().close();
    }
  }

  private static synchronized boolean isRunning() {
    return running != null;
  }

  /**
   * How many GPUs PyTorch can use: none if libtorch is a build for the CPU, which need not be
   * started to know.
   */
  static int gpuCount() {
    if (!isRunning() && LibtorchFiles.find().cuda().isEmpty()) {
      return 0;
    }
    Engine engine = start();
    return engine.hasCapability(StandardCapabilities.CUDA) ? engine.getGpuCount() : 0;
  }

  /** Versions of what computes, by name: {@code djl}, {@code libtorch}, and host-side threads. */
  public static Map<String, String> software() {
    Engine engine = start();
    Map<String, String> software = new LinkedHashMap<>();
    software.put("djl", Engine.getDjlVersion());
    software.put("libtorch", engine.getVersion());
    software.put("libtorch_threads", Integer.toString(JniUtils.getNumThreads()));
    return software;
  }

  private static void setUnlessGiven(String property, String variable) {
    if (System.getenv(variable) == null && System.getProperty(property) == null) {
      System.setProperty(property, "true");
    }
  }

  private static String rootMessage(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getMessage() == null ? root.toString() : root.getMessage();
  }
}
