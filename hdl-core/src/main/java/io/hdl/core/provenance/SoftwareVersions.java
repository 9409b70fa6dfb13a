package io.hdl.core.provenance;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The versions of what a run is made of: hdl, Java, and the libraries that the modules name.
 *
 * <p>A module names its libraries in a resource {@code META-INF/hdl/libraries.properties}, one per
 * line: {@code name=group:artifact} or {@code name=class:fully.qualified.Name}, several ways
 * separated by commas, tried in order. The first way asks the library's {@code pom.properties}, the
 * second the manifest or file name of the jar that holds a class. A library that is not on the
 * class path, or does not tell its version, is left out.
 */
public final class SoftwareVersions {
  private static final String LIBRARIES = "META-INF/hdl/libraries.properties";
  private static final String OWN = "META-INF/hdl/version.properties";
  private static final Pattern JAR = Pattern.compile("-(\\d[^/\\\\]*)\\.jar$");

  private SoftwareVersions() {}

  /**
   * Versions by name: {@code hdl} and {@code java} first, then the libraries by name, then the
   * application's own as far as they can be told: {@code git.commit}, {@code git.branch} and {@code
   * git.dirty} of the repository that the working directory lies in (or {@code GIT_COMMIT} and
   * {@code GIT_BRANCH}), and {@code image} ({@code HDL_IMAGE_DIGEST}).
   */
  public static Map<String, String> collect() {
    Map<String, String> versions = collect(loader());
    versions.putAll(SourceRevision.find(Path.of(""), System.getenv()));
    return versions;
  }

  /** The release of hdl that runs. */
  public static String hdl() {
    Properties own = new Properties();
    try (InputStream in = SoftwareVersions.class.getClassLoader().getResourceAsStream(OWN)) {
      if (in == null) {
        throw new HdlException(
            ErrorCode.INTERNAL,
            "Cannot tell the version of hdl: the resource "
                + OWN
                + " is missing. Keep it when"
                + " repackaging hdl-core.");
      }
      own.load(in);
    } catch (IOException e) {
      throw new HdlException(ErrorCode.IO_FAILURE, "Cannot read the resource " + OWN, e);
    }
    return own.getProperty("version");
  }

  static Map<String, String> collect(ClassLoader loader) {
    Map<String, String> versions = new LinkedHashMap<>();
    versions.put("hdl", hdl());
    versions.put(
        "java",
        System.getProperty("java.version")
            + " ("
            + System.getProperty("java.vendor")
            + ", "
            + System.getProperty("java.vm.name")
            + ")");
    new TreeMap<>(libraries(loader))
        .forEach(
            (name, ways) ->
                version(ways, loader).ifPresent(version -> versions.put(name, version)));
    return versions;
  }

  private static Map<String, String> libraries(ClassLoader loader) {
    Map<String, String> all = new LinkedHashMap<>();
    try {
      for (URL resource : Collections.list(loader.getResources(LIBRARIES))) {
        Properties libraries = new Properties();
        try (Reader reader = new InputStreamReader(resource.openStream(), StandardCharsets.UTF_8)) {
          libraries.load(reader);
        }
        libraries.stringPropertyNames().forEach(n -> all.put(n, libraries.getProperty(n)));
      }
    } catch (IOException e) {
      throw new HdlException(
          ErrorCode.IO_FAILURE, "Cannot read the resources " + LIBRARIES + " of the class path", e);
    }
    return all;
  }

  private static Optional<String> version(String ways, ClassLoader loader) {
    for (String way : ways.split(",", -1)) {
      String[] parts = way.strip().split(":", 2);
      if (parts.length == 2) {
        Optional<String> found =
            parts[0].equals("class")
                ? ofClass(parts[1], loader)
                : ofArtifact(parts[0], parts[1], loader);
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<String> ofArtifact(String group, String artifact, ClassLoader loader) {
    String path = "META-INF/maven/" + group + "/" + artifact + "/pom.properties";
    try (InputStream in = loader.getResourceAsStream(path)) {
      if (in == null) {
        return Optional.empty();
      }
      Properties pom = new Properties();
      pom.load(in);
      return Optional.ofNullable(pom.getProperty("version"));
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }

  private static Optional<String> ofClass(String name, ClassLoader loader) {
    Class<?> type;
    try {
      type = Class.forName(name, false, loader);
    } catch (ClassNotFoundException | LinkageError absent) {
      return Optional.empty();
    }
    String declared = type.getPackage().getImplementationVersion();
    if (declared != null) {
      return Optional.of(declared);
    }
    CodeSource source = type.getProtectionDomain().getCodeSource();
    if (source == null || source.getLocation() == null) {
      return Optional.empty();
    }
    Matcher jar = JAR.matcher(source.getLocation().getPath());
    return jar.find() ? Optional.of(jar.group(1)) : Optional.empty();
  }

  private static ClassLoader loader() {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    return context == null ? SoftwareVersions.class.getClassLoader() : context;
  }
}
