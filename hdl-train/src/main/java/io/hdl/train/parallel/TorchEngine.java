package io.hdl.train.parallel;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.pytorch.jni.JniUtils;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Starts DJL with PyTorch without any network access. Thread-safe.
 *
 * <p>The number of host-side threads is libtorch's own default, the number of physical cores,
 * unless the system property {@code ai.djl.pytorch.num_threads} says otherwise before the first
 * start. Results are the same bits only for the same number of threads.
 */
public final class TorchEngine {
  private static final String NAME = "PyTorch";

  private TorchEngine() {}

  /**
   * The running engine; starts it on the first call. Sets the system properties {@code
   * OPT_OUT_TRACKING} and {@code DJL_OFFLINE} to {@code true} unless they, or environment variables
   * of that name, are set: DJL would otherwise ask a cloud's metadata service and download native
   * libraries.
   *
   * @throws HdlException with {@link ErrorCode#ENVIRONMENT_MISMATCH} if libtorch cannot be loaded
   */
  public static synchronized Engine start() {
    setUnlessGiven("OPT_OUT_TRACKING");
    setUnlessGiven("DJL_OFFLINE");
    try {
      return Engine.getEngine(NAME);
    } catch (EngineException | LinkageError e) {
      throw new HdlException(
          ErrorCode.ENVIRONMENT_MISMATCH,
          "Cannot start PyTorch in this JVM: "
              + rootMessage(e)
              + ". Add ai.djl.pytorch:pytorch-native-cpu:2.7.1 with this machine's classifier to"
              + " the class path, or name an installed libtorch with PYTORCH_LIBRARY_PATH,"
              + " PYTORCH_VERSION and PYTORCH_FLAVOR.",
          e);
    }
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

  private static void setUnlessGiven(String name) {
    if (System.getenv(name) == null && System.getProperty(name) == null) {
      System.setProperty(name, "true");
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
