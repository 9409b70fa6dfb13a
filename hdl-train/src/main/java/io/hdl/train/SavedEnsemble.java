package io.hdl.train;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.json.Json;
import io.hdl.core.storage.FileFailure;
import io.hdl.train.evaluate.Combination;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a saved ensemble is, apart from its members.
 *
 * @param format version of this file's form
 * @param combination how the members' forecasts become one
 * @param members in order
 */
record SavedEnsemble(int format, Combination combination, List<Member> members) {
  static final String FILE = "ensemble.json";
  private static final int FORMAT = 1;

  SavedEnsemble {
    members = List.copyOf(members);
  }

  /**
   * One member.
   *
   * @param folder where it lies beside this file
   * @param weightsSha256 which weights it has
   */
  record Member(String folder, String weightsSha256) {}

  /** Name of the folder of a member, from 0. */
  static String folderOf(int member) {
    return "member-" + (member + 1);
  }

  static SavedEnsemble of(ForecastEnsemble ensemble) {
    List<Member> members = new ArrayList<>();
    for (Forecaster member : ensemble.members()) {
      members.add(new Member(folderOf(members.size()), member.weightsSha256()));
    }
    return new SavedEnsemble(FORMAT, ensemble.combination(), members);
  }

  String toJson() {
    return Json.writePretty(this);
  }

  static SavedEnsemble read(Path folder) {
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      throw new HdlException(
          ErrorCode.NOT_FOUND,
          "Cannot load an ensemble from "
              + folder
              + ": there is no "
              + FILE
              + ". Name the folder that was saved.");
    }
    String json;
    try {
      json = Files.readString(file);
    } catch (IOException e) {
      throw FileFailure.of("read", file, e);
    }
    Object format = Json.readObject(json, file.toString()).get("format");
    if (!Integer.valueOf(FORMAT).equals(format)) {
      throw new HdlException(
          ErrorCode.UNSUPPORTED_FEATURE,
          "Cannot load the ensemble of "
              + file
              + ": it has format "
              + format
              + ", this release of hdl reads the format "
              + FORMAT
              + ". Load it with the release that wrote it.");
    }
    return Json.read(json, SavedEnsemble.class, file.toString());
  }

  /** The ensemble of members that were loaded, held against what was saved. */
  ForecastEnsemble ensemble(Path folder, List<Forecaster> loaded) {
    for (int i = 0; i < loaded.size(); i++) {
      if (!loaded.get(i).weightsSha256().equals(members.get(i).weightsSha256())) {
        throw damaged(folder, members.get(i).folder() + " has other weights than those saved");
      }
    }
    try {
      return ForecastEnsemble.of(combination, loaded);
    } catch (IllegalArgumentException | NullPointerException e) {
      throw damaged(folder, String.valueOf(e.getMessage()));
    }
  }

  private static HdlException damaged(Path folder, String why) {
    return new HdlException(
        ErrorCode.CORRUPT_DATA,
        "Cannot load the ensemble of "
            + folder.resolve(FILE)
            + ": "
            + why
            + ". Restore the saved folder as a whole.");
  }
}
