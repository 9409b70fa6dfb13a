package io.hdl.train.parallel;

import ai.djl.util.ClassLoaderUtils;
import io.hdl.core.error.HdlException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * The bridge (JNI) that DJL will load beside a libtorch: a file of its own release in the folder of
 * libtorch or in DJL's cache, else what its jar on the class path has.
 *
 * @param folders libtorch's folder, then DJL's cache
 * @param libtorch version of libtorch, digits alone
 * @param flavor what libtorch is built for, such as {@code cpu} or {@code cu128}
 * @param djl DJL's version
 * @param classifier such as {@code linux-x86_64}
 */
record BridgeFiles(
    List<Path> folders, String libtorch, String flavor, String djl, String classifier) {
  private static final String BRIDGE = System.mapLibraryName("djl_torch");
  private static final List<String> FLAVORS =
      List.of("cpu", "cu118", "cu121", "cu124", "cu126", "cu128", "cu129", "cu130");

  /** Whether there is one of this flavor. */
  boolean exists() {
    return isFile() || resource(name(classifier, flavor)) != null;
  }

  private boolean isFile() {
    Path folder = folders.get(0);
    Path cache = folders.get(1);
    String ofDjl = djl + '-' + BRIDGE;
    return Files.exists(folder.resolve(ofDjl))
        || Files.exists(folder.resolve(BRIDGE))
        || Files.exists(cache.resolve(ofDjl));
  }

  /**
   * The version of the bridge that fits; DJL takes a file of its own release before the jar's.
   *
   * @throws HdlException with {@code ENVIRONMENT_MISMATCH} if DJL would download one, or has none
   */
  String fitting() {
    String fitting = libtorch + '-' + djl;
    if (isFile()) {
      return fitting;
    }
    Optional<String> packaged = packaged();
    if (packaged.isEmpty()) {
      throw LibtorchFiles.mismatch(
          "DJL's bridge to libtorch " + libtorch + " is missing: DJL would download it",
          "Add ai.djl.pytorch:pytorch-jni:" + fitting + " to the class path");
    }
    if (!packaged.get().startsWith(fitting)) {
      throw LibtorchFiles.mismatch(
          "DJL "
              + djl
              + " with libtorch "
              + libtorch
              + " needs the bridge pytorch-jni "
              + fitting
              + ", but the one on the class path is "
              + packaged.get()
              + ": DJL would download another one",
          "Bring DJL, pytorch-jni and libtorch that belong together: hdl is built with DJL 0.35.1,"
              + " pytorch-jni 2.7.1-0.35.1 and libtorch 2.7.1; hold all of ai.djl at one version"
              + " (dependencyManagement)");
    }
    if (resource(name(classifier, flavor)) == null) {
      throw LibtorchFiles.mismatch(
          "DJL has no bridge for a libtorch of the flavor "
              + flavor
              + " on "
              + classifier
              + ": pytorch-jni "
              + packaged.get()
              + " "
              + available(classifier),
          "Set PYTORCH_FLAVOR to one of these, with a libtorch that is built so");
    }
    return packaged.get();
  }

  private static Optional<String> packaged() {
    URL url = resource("jnilib/pytorch.properties");
    if (url == null) {
      return Optional.empty();
    }
    Properties properties = new Properties();
    try (InputStream in = url.openStream()) {
      properties.load(in);
    } catch (IOException e) {
      throw LibtorchFiles.mismatch(
          "DJL's bridge cannot be read: " + url, "Repair the pytorch-jni jar", e);
    }
    return Optional.ofNullable(properties.getProperty("jni_version"));
  }

  private static String name(String classifier, String flavor) {
    return "jnilib/" + classifier + '/' + flavor + '/' + BRIDGE;
  }

  /** What the bridge's jar has for a platform, in words. */
  static String available(String classifier) {
    List<String> flavors =
        FLAVORS.stream().filter(one -> resource(name(classifier, one)) != null).toList();
    return flavors.isEmpty()
        ? "has none for " + classifier
        : "has only " + String.join(" and ", flavors);
  }

  private static @Nullable URL resource(String name) {
    try {
      return ClassLoaderUtils.getResource(name);
    } catch (IOException e) {
      throw LibtorchFiles.mismatch(
          "the class path cannot be read: " + e.getMessage(), "Repair it", e);
    }
  }
}
