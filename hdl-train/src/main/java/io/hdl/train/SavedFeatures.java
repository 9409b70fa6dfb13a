package io.hdl.train;

import com.google.common.hash.Hashing;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.storage.FileFailure;
import io.hdl.data.feature.FeaturePipeline;
import io.hdl.data.feature.FittedFeatures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The features that are saved with a forecaster, in a file of their own beside its manifest. */
final class SavedFeatures {
  static final String FILE = "features.json";

  private SavedFeatures() {}

  /** SHA-256 of the features' JSON, in hex. */
  static String sha256(FittedFeatures fitted) {
    return sha256(fitted.toJson());
  }

  private static String sha256(String json) {
    return Hashing.sha256().hashString(json, StandardCharsets.UTF_8).toString();
  }

  /**
   * Reads the features of a forecaster that needs them.
   *
   * @param sha256 what the manifest says of the file
   * @param pipeline brings the code of custom features
   * @throws HdlException with {@link ErrorCode#CORRUPT_DATA} if the file is missing or is not the
   *     one that was saved
   */
  static FittedFeatures read(Path file, String sha256, FeaturePipeline pipeline) {
    if (!Files.exists(file)) {
      throw damaged(file, "the file is missing");
    }
    String json;
    try {
      json = Files.readString(file);
    } catch (IOException e) {
      throw FileFailure.of("read", file, e);
    }
    if (!sha256(json).equals(sha256)) {
      throw damaged(file, "its checksum is not the one in " + Manifest.FILE);
    }
    return FittedFeatures.fromJson(json, file.toString(), pipeline);
  }

  private static HdlException damaged(Path file, String why) {
    return new HdlException(
        ErrorCode.CORRUPT_DATA,
        "Cannot load the features of "
            + file
            + ", which make the model's inputs out of the data: "
            + why
            + ". Restore the saved folder as a whole.");
  }
}
