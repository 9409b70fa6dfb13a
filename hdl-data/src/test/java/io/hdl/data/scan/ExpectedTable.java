package io.hdl.data.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.hdl.core.json.Json;
import io.hdl.data.delta.TableSnapshot;
import io.hdl.data.profile.ProfileSpec;
import io.hdl.data.profile.TableProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.NullUnmarked;

/** What Spark read of a table, version by version. */
@NullUnmarked
public final class ExpectedTable {
  private ExpectedTable() {}

  /** The versions that Spark read, of the table in a folder of the test data. */
  @SuppressWarnings("unchecked")
  public static List<Map<String, Object>> versions(Path folder) throws IOException {
    String text = Files.readString(folder.resolve("expected.json"));
    return (List<Map<String, Object>>) Json.readObject(text, "expected.json").get("versions");
  }

  /** Holds a version against what Spark read of it. */
  @SuppressWarnings("unchecked")
  public static void compare(TableSnapshot snapshot, Map<String, Object> expected) {
    Map<String, Object> columns = (Map<String, Object>) expected.get("columns");
    List<String> readable = new ArrayList<>();
    for (Map.Entry<String, Object> column : columns.entrySet()) {
      String type = (String) ((Map<String, Object>) column.getValue()).get("type");
      boolean nested =
          type.startsWith("list") || type.startsWith("map") || type.startsWith("struct");
      boolean inside =
          columns.keySet().stream()
              .filter(outer -> column.getKey().startsWith(outer + "."))
              .map(outer -> (String) ((Map<String, Object>) columns.get(outer)).get("type"))
              .anyMatch(outer -> outer.startsWith("list") || outer.startsWith("map"));
      if (!nested && !inside) {
        readable.add(column.getKey());
      }
    }
    assertThat(readable).isNotEmpty();
    // As another program sees it: numbers, strings and null of the written JSON.
    TableProfile profile = TableProfile.of(snapshot, ProfileSpec.allColumns(), 2, () -> {});
    Map<String, Object> written =
        Json.readObject(Json.write(profile.jsonWithChecksums()), "the profile");
    Map<String, Object> found = (Map<String, Object>) written.get("columns");
    List<String> differences = new ArrayList<>();
    for (String name : readable) {
      Map<String, Object> actual = (Map<String, Object>) found.get(name);
      ((Map<String, Object>) columns.get(name))
          .forEach(
              (key, wanted) -> {
                // Their types are named as Arrow names them.
                if (!key.equals("type")
                    && !(actual.containsKey(key) && Objects.equals(actual.get(key), wanted))) {
                  differences.add(
                      name + "." + key + ": " + actual.get(key) + ", expected " + wanted);
                }
              });
    }
    assertThat(differences).as("version %d", snapshot.version()).isEmpty();
    assertThat(written.get("rows")).isEqualTo(expected.get("rows"));
    assertThat(written.get("version")).isEqualTo(expected.get("version"));
    snapshot.rows().ifPresent(counted -> assertThat(counted).isEqualTo(profile.rows()));
  }
}
