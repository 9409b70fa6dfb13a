package io.hdl.tracking.client;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mlflow.api.proto.ModelRegistry;

/** The models that a server has registered, their versions, aliases and tags. Thread-safe. */
public final class Registry {
  private static final int PAGE = 1000;
  private static final int MOST_PAGES = 10_000;

  private final Endpoints endpoints;

  Registry(Endpoints endpoints) {
    this.endpoints = endpoints;
  }

  /**
   * What a new version of a model is made of.
   *
   * @param model the registered model's name
   * @param source where its files lie: {@code models:/m-...} for a logged model, else an address
   * @param runId the run that it comes from
   * @param modelId the logged model that it comes from, on servers that have such
   * @param description for people
   * @param tags facts
   */
  public record NewVersion(
      String model,
      String source,
      Optional<String> runId,
      Optional<String> modelId,
      String description,
      Map<String, String> tags) {
    /** Copies the tags. */
    public NewVersion {
      tags = Map.copyOf(tags);
    }
  }

  /** What becomes of the versions that are in a stage already. */
  public enum Others {
    /** They stay. */
    KEEP,
    /** They go to the archive. */
    ARCHIVE
  }

  /** The registered model with a name, if there is one. */
  public Optional<ModelRegistry.RegisteredModel> find(String name, Duration limit) {
    return Endpoints.ifPresent(
        () ->
            endpoints
                .get(
                    "look up the registered model \"" + name + "\"",
                    "registered-models/get?" + Endpoints.query("name", name),
                    ModelRegistry.GetRegisteredModel.Response.newBuilder(),
                    limit)
                .getRegisteredModel());
  }

  /** Registers a model's name; false if it is registered already. */
  public boolean create(String name, String description, Map<String, String> tags, Duration limit) {
    ModelRegistry.CreateRegisteredModel.Builder request =
        ModelRegistry.CreateRegisteredModel.newBuilder().setName(name).setDescription(description);
    tags.forEach(
        (key, value) ->
            request.addTags(
                ModelRegistry.RegisteredModelTag.newBuilder().setKey(key).setValue(value)));
    try {
      endpoints.post(
          "register the model \"" + name + "\"",
          "registered-models/create",
          request.build(),
          limit);
      return true;
    } catch (ServerException e) {
      if (e.isPresence()) {
        return false;
      }
      throw e;
    }
  }

  /** Removes a registered model with all of its versions. */
  public void delete(String name, Duration limit) {
    endpoints.send(
        "DELETE",
        "delete the registered model \"" + name + "\"",
        "registered-models/delete",
        ModelRegistry.DeleteRegisteredModel.newBuilder().setName(name).build(),
        limit);
  }

  /** Sets a tag of a registered model; the last value stays. */
  public void setTag(String name, String key, String value, Duration limit) {
    endpoints.post(
        "set a tag of the registered model \"" + name + "\"",
        "registered-models/set-tag",
        ModelRegistry.SetRegisteredModelTag.newBuilder()
            .setName(name)
            .setKey(key)
            .setValue(value)
            .build(),
        limit);
  }

  /** Makes a version of a registered model; a second call makes a second one. */
  public ModelRegistry.ModelVersion createVersion(NewVersion version, Duration limit) {
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("name", version.model());
    request.put("source", version.source());
    version.runId().ifPresent(id -> request.put("run_id", id));
    version.modelId().ifPresent(id -> request.put("model_id", id));
    request.put("description", version.description());
    request.put("tags", Endpoints.pairs(version.tags()));
    return endpoints
        .postJson(
            "create a version of the registered model \"" + version.model() + "\"",
            "model-versions/create",
            request,
            ModelRegistry.CreateModelVersion.Response.newBuilder(),
            limit)
        .getModelVersion();
  }

  /** A version of a registered model, if there is one. */
  public Optional<ModelRegistry.ModelVersion> version(String name, String version, Duration limit) {
    return Endpoints.ifPresent(
        () ->
            endpoints
                .get(
                    "look up version " + version + " of the registered model \"" + name + "\"",
                    "model-versions/get?"
                        + Endpoints.query("name", name)
                        + "&"
                        + Endpoints.query("version", version),
                    ModelRegistry.GetModelVersion.Response.newBuilder(),
                    limit)
                .getModelVersion());
  }

  /**
   * All versions that match a filter, page after page.
   *
   * @param filter in MLflow's language of searches, such as {@code run_id = '...'} or {@code name =
   *     'demand'}; empty for all
   */
  public List<ModelRegistry.ModelVersion> search(String filter, Duration limit) {
    List<ModelRegistry.ModelVersion> found = new ArrayList<>();
    String token = "";
    for (int i = 0; i < MOST_PAGES; i++) {
      ModelRegistry.SearchModelVersions.Response page =
          endpoints
              .get(
                  "search versions of models",
                  "model-versions/search?"
                      + Endpoints.query("filter", filter)
                      + "&max_results="
                      + PAGE
                      + (token.isEmpty() ? "" : "&" + Endpoints.query("page_token", token)),
                  ModelRegistry.SearchModelVersions.Response.newBuilder(),
                  limit)
              .build();
      found.addAll(page.getModelVersionsList());
      token = page.getNextPageToken();
      if (token.isEmpty()) {
        return found;
      }
    }
    throw new HdlException(
        ErrorCode.REFUSED_BY_SERVICE,
        "The search for versions at %s does not end: it gave %d pages."
            .formatted(endpoints.http().server(), MOST_PAGES));
  }

  /** Removes a version. */
  public void deleteVersion(String name, String version, Duration limit) {
    endpoints.send(
        "DELETE",
        "delete version " + version + " of the registered model \"" + name + "\"",
        "model-versions/delete",
        ModelRegistry.DeleteModelVersion.newBuilder().setName(name).setVersion(version).build(),
        limit);
  }

  /** Sets a tag of a version; the last value stays. */
  public void setVersionTag(String name, String version, String key, String value, Duration limit) {
    endpoints.post(
        "set a tag of version " + version + " of the registered model \"" + name + "\"",
        "model-versions/set-tag",
        ModelRegistry.SetModelVersionTag.newBuilder()
            .setName(name)
            .setVersion(version)
            .setKey(key)
            .setValue(value)
            .build(),
        limit);
  }

  /** The version that an alias stands for, if there is one. */
  public Optional<ModelRegistry.ModelVersion> byAlias(String name, String alias, Duration limit) {
    try {
      return Endpoints.ifPresent(
          () ->
              endpoints
                  .get(
                      "look up the alias \""
                          + alias
                          + "\" of the registered model \""
                          + name
                          + "\"",
                      "registered-models/alias?"
                          + Endpoints.query("name", name)
                          + "&"
                          + Endpoints.query("alias", alias),
                      ModelRegistry.GetModelVersionByAlias.Response.newBuilder(),
                      limit)
                  .getModelVersion());
    } catch (ServerException e) {
      if (e.status() == 400
          && String.valueOf(e.getMessage()).contains("alias " + alias + " not found")) {
        return Optional.empty(); // servers do not call it an absence
      }
      throw e;
    }
  }

  /** Lets an alias stand for a version, and no longer for another. */
  public void setAlias(String name, String alias, String version, Duration limit) {
    endpoints.post(
        "set the alias \"" + alias + "\" of the registered model \"" + name + "\"",
        "registered-models/alias",
        ModelRegistry.SetRegisteredModelAlias.newBuilder()
            .setName(name)
            .setAlias(alias)
            .setVersion(version)
            .build(),
        limit);
  }

  /** Removes an alias. */
  public void deleteAlias(String name, String alias, Duration limit) {
    endpoints.send(
        "DELETE",
        "delete the alias \"" + alias + "\" of the registered model \"" + name + "\"",
        "registered-models/alias",
        ModelRegistry.DeleteRegisteredModelAlias.newBuilder().setName(name).setAlias(alias).build(),
        limit);
  }

  /**
   * Moves a version to a stage: what servers had before aliases.
   *
   * @param stage {@code Staging}, {@code Production}, {@code Archived} or {@code None}
   */
  public void moveToStage(
      String name, String version, String stage, Others others, Duration limit) {
    endpoints.post(
        "move version " + version + " of the registered model \"" + name + "\" to " + stage,
        "model-versions/transition-stage",
        ModelRegistry.TransitionModelVersionStage.newBuilder()
            .setName(name)
            .setVersion(version)
            .setStage(stage)
            .setArchiveExistingVersions(others == Others.ARCHIVE)
            .build(),
        limit);
  }
}
