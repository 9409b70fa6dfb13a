package io.hdl.tracking.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files by signed addresses, at an emulator of what signs them and of the stores. */
class SignedArtifactsTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final String RUN = "dbfs:/databricks/mlflow-tracking/7/r1/artifacts";
  private static final String NAME = "möd el/50%41 & #1.bin";

  @TempDir Path folder;

  private interface Use {
    void of(Artifacts artifacts, CloudEmulator cloud) throws Exception;
  }

  /** Files of 10 bytes and more go in parts of 4. */
  private void at(String kind, String root, Use use) throws Exception {
    try (CloudEmulator cloud = new CloudEmulator(kind);
        Http http =
            new Http(
                new TrackingServer(
                    cloud.uri(),
                    Credentials.bearer("dapi-token"),
                    TrackingServer.Platform.DATABRICKS));
        ArtifactPlaces places = new ArtifactPlaces(new Endpoints(http), new Multipart(10, 4))) {
      use.of(new Artifacts(() -> places.at(root)), cloud);
    }
  }

  private Path file(int bytes) throws Exception {
    byte[] content = new byte[bytes];
    new Random(bytes).nextBytes(content);
    return Files.write(folder.resolve("f" + bytes), content);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"AZURE_SAS_URI", "AZURE_ADLS_GEN2_SAS_URI", "AWS_PRESIGNED_URL", "GCP_SIGNED_URL"})
  void sendsListsAndFetches(String kind) throws Exception {
    at(
        kind,
        RUN,
        (artifacts, cloud) -> {
          for (int bytes : List.of(0, 1, 9, 10, 12, 4001)) {
            Path file = file(bytes);
            artifacts.upload(NAME + bytes, file, LIMIT);
            assertThat(cloud.object("runs/r1/" + NAME + bytes)).isEqualTo(Files.readAllBytes(file));
            artifacts.download(NAME + bytes, folder.resolve("back"), LIMIT);
            assertThat(folder.resolve("back")).hasSameBinaryContentAs(file);
          }
          assertThat(artifacts.list("", LIMIT))
              .containsExactly(new Artifacts.Entry("möd el", Artifacts.Kind.FOLDER, 0));
          assertThat(artifacts.list("möd el", LIMIT))
              .hasSize(6)
              .contains(new Artifacts.Entry(NAME + "9", Artifacts.Kind.FILE, 9));
          assertThat(artifacts.list(NAME + "9", LIMIT)).isEmpty();
          artifacts.download("", folder.resolve("all"), LIMIT);
          assertThat(folder.resolve("all").resolve(NAME + "4001")).hasSize(4001);
        });
  }

  @Test
  void keepsToTheFolderOfALoggedModelAndBelow() throws Exception {
    at(
        "AZURE_SAS_URI",
        "dbfs:/databricks/mlflow-tracking/7/logged_models/m-1/artifacts/data",
        (artifacts, cloud) -> {
          artifacts.upload("a/b", file(3), LIMIT);
          assertThat(cloud.objects()).containsExactly("models/m-1/data/a/b");
          assertThat(artifacts.list("a", LIMIT))
              .containsExactly(new Artifacts.Entry("a/b", Artifacts.Kind.FILE, 3));
          artifacts.download("a/b", folder.resolve("back"), LIMIT);
          assertThat(folder.resolve("back")).hasSize(3);
        });
  }

  @ParameterizedTest
  @CsvSource({
    "AZURE_SAS_URI, blocklist",
    "AZURE_SAS_URI, comp=block&",
    "AZURE_ADLS_GEN2_SAS_URI, action=append",
    "AZURE_ADLS_GEN2_SAS_URI, resource=file",
    "GCP_SIGNED_URL, runs"
  })
  void asksForAnotherAddressWhenOneHasExpired(String kind, String step) throws Exception {
    at(
        kind,
        RUN,
        (artifacts, cloud) -> {
          cloud.expireOnce(step);
          artifacts.upload("f", file(20), LIMIT);
          assertThat(cloud.object("runs/r1/f")).isEqualTo(Files.readAllBytes(file(20)));
          assertThat(cloud.asked()).filteredOn(what -> what.contains("for-write")).hasSize(2);
        });
  }

  @Test
  void givesUpAnUploadInPartsThatFailsAndShowsNoSignature() throws Exception {
    at(
        "AWS_PRESIGNED_URL",
        RUN,
        (artifacts, cloud) -> {
          cloud.expireOnce("partNumber=2");
          assertThatThrownBy(() -> artifacts.upload("f", file(20), LIMIT))
              .isInstanceOfSatisfying(
                  HdlException.class,
                  e -> assertThat(e.code()).isEqualTo(ErrorCode.PERMISSION_DENIED))
              .hasMessageContaining("send the artifact \"f\", part 2")
              .hasMessageContaining("The signed address has expired")
              .message()
              .doesNotContain("s3cr3t");
          assertThat(cloud.asked()).anyMatch(what -> what.startsWith("DELETE /store/runs/r1/f"));
          assertThat(cloud.objects()).isEmpty();
        });
  }

  @Test
  void saysThatThereIsNoSuchFile() throws Exception {
    at(
        "AZURE_SAS_URI",
        RUN,
        (artifacts, cloud) -> {
          assertThatThrownBy(() -> artifacts.download("none", folder.resolve("x"), LIMIT))
              .isInstanceOfSatisfying(
                  HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND))
              .hasMessageContaining("fetch the artifact \"none\"");
          assertThat(folder.resolve("x")).doesNotExist();
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dbfs:/my/own/place",
        "dbfs:/databricks/mlflow-tracking/7/r1",
        "dbfs:/Volumes/a/b/c",
        "s3://bucket/x",
        "wasbs://c@a.blob.core.windows.net/x"
      })
  void refusesByNameWhatItDoesNotReach(String root) throws Exception {
    at(
        "AZURE_SAS_URI",
        root,
        (artifacts, cloud) -> {
          assertThatThrownBy(() -> artifacts.upload("f", file(1), LIMIT))
              .isInstanceOfSatisfying(
                  HdlException.class,
                  e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED_FEATURE))
              .hasMessageStartingWith("Cannot reach");
          assertThat(cloud.asked()).isEmpty();
        });
  }

  @Test
  void sendsLargeFilesPastTheServerWhereItOffersParts() throws Exception {
    at(
        "S3",
        "mlflow-artifacts:/7/r1/artifacts",
        (artifacts, cloud) -> {
          artifacts.upload("mö/large", file(21), LIMIT);
          assertThat(cloud.object("7/r1/artifacts/mö/large"))
              .isEqualTo(Files.readAllBytes(file(21)));
          assertThat(cloud.asked().get(0))
              .isEqualTo("POST /api/2.0/mlflow-artifacts/mpu/create/7/r1/artifacts/m%C3%B6");
          assertThat(cloud.asked()).filteredOn(what -> what.startsWith("PUT /store")).hasSize(6);

          cloud.expireOnce("partNumber=3");
          Consumer<HdlException> isRefusal =
              e -> assertThat(e.code()).isEqualTo(ErrorCode.PERMISSION_DENIED);
          assertThatThrownBy(() -> artifacts.upload("mö/other", file(21), LIMIT))
              .isInstanceOfSatisfying(HdlException.class, isRefusal);
          assertThat(cloud.asked().get(cloud.asked().size() - 1)).contains("/mpu/abort/");
        });
  }

  @Test
  void sendsLargeFilesThroughTheServerWhereItOffersNoParts() throws Exception {
    try (StubServer stub =
            new StubServer(
                request ->
                    request.path().contains("/mpu/")
                        ? StubServer.Answer.of(501, "{\"error_code\":\"NOT_IMPLEMENTED\"}")
                        : StubServer.Answer.json("{}"));
        Http http = new Http(new TrackingServer(stub.uri(), Credentials.none()))) {
      ArtifactPlace place =
          ServedArtifacts.of(
              http, new Multipart(10, 4), URI.create("mlflow-artifacts:/7/r1/artifacts"));
      place.put("a", file(20), LIMIT);
      place.put("b", file(20), LIMIT);
      assertThat(stub.requests())
          .extracting(request -> request.method() + " " + request.path())
          .containsExactly(
              "POST /api/2.0/mlflow-artifacts/mpu/create/7/r1/artifacts",
              "PUT /api/2.0/mlflow-artifacts/artifacts/7/r1/artifacts/a",
              "PUT /api/2.0/mlflow-artifacts/artifacts/7/r1/artifacts/b");
    }
  }
}
