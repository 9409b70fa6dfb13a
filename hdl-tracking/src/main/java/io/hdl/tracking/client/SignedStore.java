package io.hdl.tracking.client;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Writes to the stores of the clouds by signed addresses: Azure Blob Storage (Put Blob, Put Block
 * and Put Block List), Azure Data Lake Storage Gen2 (Path Create and Update), Amazon S3 (PUT, and
 * multipart by Databricks' API) and Google Cloud Storage (PUT). An address that has expired
 * meanwhile is asked for again, once a step. Thread-safe.
 */
final class SignedStore {
  private final Endpoints endpoints;
  private final Multipart multipart;

  SignedStore(Endpoints endpoints, Multipart multipart) {
    this.endpoints = endpoints;
    this.multipart = multipart;
  }

  /**
   * Where a file goes.
   *
   * @param type the kind of store, as Databricks names it
   * @param headers what the signature covers
   */
  record Signed(URI address, String type, Map<String, String> headers) {
    Signed {
      headers = Map.copyOf(headers);
    }

    /** The same address with more parameters. */
    URI with(String parameters) {
      return URI.create(address + (address.getRawQuery() == null ? "?" : "&") + parameters);
    }

    /** Without what may be a secret. */
    @Override
    public String toString() {
      return type + " at " + address.getHost();
    }
  }

  /** A file on its way. */
  record Upload(String what, ArtifactOwner owner, String path, Path file, long bytes) {
    Call.Part all() {
      return new Call.Part(file, 0, bytes);
    }
  }

  /** An address that is replaced when it has expired. */
  private static final class Lease {
    private final Supplier<Signed> signer;
    private Signed now;

    Lease(Supplier<Signed> signer) {
      this.signer = signer;
      this.now = signer.get();
    }

    <T> T use(Function<Signed, T> step) {
      try {
        return step.apply(now);
      } catch (ServerException e) {
        if (e.status() != 401 && e.status() != 403) {
          throw e;
        }
        now = signer.get();
        return step.apply(now);
      }
    }
  }

  void put(Upload upload, Supplier<Signed> signer, Duration idle) {
    Lease lease = new Lease(signer);
    switch (lease.now.type()) {
      case "AZURE_SAS_URI" -> toBlob(upload, lease, idle);
      case "AZURE_ADLS_GEN2_SAS_URI" -> toLake(upload, lease, idle);
      case "AWS_PRESIGNED_URL" -> {
        if (upload.bytes() >= multipart.fromBytes()
            && upload.owner() instanceof ArtifactOwner.Run run) {
          toAmazonInParts(upload, run.id(), idle);
        } else {
          send(upload, lease, upload.all(), idle);
        }
      }
      case "GCP_SIGNED_URL" -> send(upload, lease, upload.all(), idle);
      default ->
          throw new HdlException(
              ErrorCode.UNSUPPORTED_FEATURE,
              "Cannot %s: the workspace keeps it in a store of kind %s (known: AZURE_SAS_URI, AZURE_ADLS_GEN2_SAS_URI, AWS_PRESIGNED_URL, GCP_SIGNED_URL)."
                  .formatted(upload.what(), lease.now.type()));
    }
  }

  private void send(Upload upload, Lease lease, Call.Part part, Duration idle) {
    String unused =
        lease.use(to -> put(upload.what(), "PUT", to.address(), to.headers(), part, idle));
  }

  private String put(
      String what,
      String method,
      URI to,
      Map<String, String> headers,
      Call.Body body,
      Duration idle) {
    Call call = new Call(what, method, to, headers, body, Call.Identity.SIGNED_ADDRESS);
    return endpoints.http().send(call, idle).orElse("");
  }

  private void toBlob(Upload upload, Lease lease, Duration idle) {
    if (upload.bytes() < multipart.fromBytes()) {
      String unused =
          lease.use(
              to ->
                  endpoints
                      .http()
                      .send(
                          Call.put(
                                  upload.what(),
                                  to.address(),
                                  upload.all(),
                                  Call.Identity.SIGNED_ADDRESS)
                              .with("x-ms-blob-type", "BlockBlob")
                              .with(to.headers()),
                          idle)
                      .orElse(""));
      return;
    }
    StringBuilder blocks =
        new StringBuilder("<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList>");
    for (Call.Part part : multipart.split(upload.file(), upload.bytes())) {
      String id =
          Base64.getEncoder()
              .encodeToString(
                  String.format(Locale.ROOT, "hdl-%016d", part.offset())
                      .getBytes(StandardCharsets.US_ASCII));
      String query = "comp=block&blockid=" + URLEncoder.encode(id, StandardCharsets.UTF_8);
      String unused =
          multipart.retrying(
              upload.what(),
              () ->
                  lease.use(
                      to -> put(upload.what(), "PUT", to.with(query), to.headers(), part, idle)));
      blocks.append("<Uncommitted>").append(id).append("</Uncommitted>");
    }
    Call.Text list = new Call.Text(blocks.append("</BlockList>").toString());
    String unused =
        lease.use(
            to -> put(upload.what(), "PUT", to.with("comp=blocklist"), to.headers(), list, idle));
  }

  private void toLake(Upload upload, Lease lease, Duration idle) {
    String unusedCreated =
        lease.use(
            to ->
                put(
                    upload.what(),
                    "PUT",
                    to.with("resource=file"),
                    to.headers(),
                    new Call.Empty(),
                    idle));
    List<Call.Part> parts =
        upload.bytes() == 0 ? List.of() : multipart.split(upload.file(), upload.bytes());
    for (Call.Part part : parts) {
      String query = "action=append&position=" + part.offset();
      String unusedAppended =
          multipart.retrying(
              upload.what(),
              () ->
                  lease.use(
                      to -> put(upload.what(), "PATCH", to.with(query), to.headers(), part, idle)));
    }
    String flush = "action=flush&position=" + upload.bytes();
    String unusedFlushed =
        lease.use(
            to ->
                put(upload.what(), "PATCH", to.with(flush), to.headers(), new Call.Empty(), idle));
  }

  private void toAmazonInParts(Upload upload, String runId, Duration idle) {
    Map<String, Object> begun =
        endpoints.sendJson(
            "POST",
            upload.what(),
            "artifacts/create-multipart-upload",
            Map.of(
                "run_id",
                runId,
                "path",
                upload.path(),
                "num_parts",
                multipart.parts(upload.bytes())),
            idle);
    List<Multipart.Target> targets = new ArrayList<>();
    for (Object item : (List<?>) begun.getOrDefault("upload_credential_infos", List.of())) {
      Signed signed = ArtifactOwner.credential(upload.what(), (Map<?, ?>) item);
      targets.add(new Multipart.Target(targets.size() + 1, signed.address(), signed.headers()));
    }
    try {
      List<Multipart.Sent> sent =
          multipart.send(
              endpoints.http(), upload.what(), upload.file(), upload.bytes(), targets, idle);
      Map<String, Object> unused =
          endpoints.sendJson(
              "POST",
              upload.what(),
              "artifacts/complete-multipart-upload",
              Map.of(
                  "run_id",
                  runId,
                  "path",
                  upload.path(),
                  "upload_id",
                  String.valueOf(begun.get("upload_id")),
                  "part_etags",
                  sent.stream()
                      .map(
                          part ->
                              Map.of("part_number", part.target().number(), "etag", part.etag()))
                      .toList()),
              idle);
    } catch (HdlException e) {
      abort(upload, begun, e, idle);
      throw e;
    }
  }

  private void abort(Upload upload, Map<String, Object> begun, HdlException reason, Duration idle) {
    if (!(begun.get("abort_credential_info") instanceof Map<?, ?> json)) {
      return;
    }
    try {
      Signed signed = ArtifactOwner.credential(upload.what(), json);
      String unused =
          put(
              "give up to " + upload.what(),
              "DELETE",
              signed.address(),
              signed.headers(),
              new Call.Empty(),
              idle);
    } catch (HdlException leftToTheStore) {
      reason.addSuppressed(leftToTheStore);
    }
  }
}
