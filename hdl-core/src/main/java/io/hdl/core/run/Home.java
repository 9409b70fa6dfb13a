package io.hdl.core.run;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Where hdl keeps runs, caches and generated tables on this machine. */
public final class Home {
  /** The environment variable that names the home directory. */
  public static final String VARIABLE = "HDL_HOME";

  /** Folders of the home directory that hold no runs; no job is called so. */
  public static final List<String> RESERVED = List.of("cache", "mlruns", "tables");

  private Home() {}

  /**
   * The home directory that the environment asks for: {@code HDL_HOME}, else {@code .hdl} in the
   * user's home.
   *
   * @param environment the process environment
   */
  public static Path resolve(Map<String, String> environment) {
    String variable = environment.getOrDefault(VARIABLE, "");
    Path home =
        variable.isBlank() ? Path.of(System.getProperty("user.home"), ".hdl") : Path.of(variable);
    return home.toAbsolutePath().normalize();
  }
}
