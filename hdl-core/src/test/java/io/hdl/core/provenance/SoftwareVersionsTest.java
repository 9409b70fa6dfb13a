package io.hdl.core.provenance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SoftwareVersionsTest {
  @TempDir Path module;

  @Test
  void knowsHdlJavaAndTheLibrariesOfThisModule() {
    Map<String, String> versions = SoftwareVersions.collect();
    assertThat(versions.keySet()).startsWith("hdl", "java");
    assertThat(versions.get("hdl")).matches("\\d+\\.\\d+\\.\\d+(-SNAPSHOT)?");
    assertThat(versions.get("java")).startsWith(System.getProperty("java.version") + " (");
    assertThat(versions.get("jackson")).matches("2\\.\\d+\\.\\d+");
    assertThat(versions.get("guava")).matches("\\d+\\.\\d+\\.\\d+-jre");
    assertThat(versions.get("jna")).matches("5\\.\\d+\\.\\d+.*");
    assertThat(versions.get("slf4j")).matches("2\\.\\d+\\.\\d+");
  }

  @Test
  void asksTheLibrariesThatAnotherModuleNames() throws IOException {
    write(
        "META-INF/hdl/libraries.properties",
        """
        delta=io.delta:delta-kernel-api
        absent=org.example:absent,class:org.example.Absent
        second=org.example:absent,class:org.junit.jupiter.api.Test
        """);
    write("META-INF/maven/io.delta/delta-kernel-api/pom.properties", "version=4.4.0\n");
    Map<String, String> versions;
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {module.toUri().toURL()}, getClass().getClassLoader())) {
      versions = SoftwareVersions.collect(loader);
    }
    assertThat(versions)
        .containsEntry("delta", "4.4.0")
        .containsKey("jackson")
        .doesNotContainKey("absent");
    assertThat(versions.get("second")).matches("\\d+\\.\\d+\\.\\d+");
  }

  private void write(String name, String text) throws IOException {
    Path file = module.resolve(name);
    Files.createDirectories(file.resolveSibling("."));
    Files.writeString(file, text);
  }
}
