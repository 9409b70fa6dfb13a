package io.hdl.core.identity;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Picks the identity that the environment shows. Nothing is asked over the network: what was set
 * for this process comes first, then what the machine offers, then the person at it.
 */
final class AzureChoice {
  /** The chassis asset tag of every virtual machine of Azure. */
  private static final String AZURE_TAG = "7783-7084-3265-9085-8269-3286-77";

  private static final String TENANT = "AZURE_TENANT_ID";
  private static final String CLIENT = "AZURE_CLIENT_ID";
  private static final String NARROWED = "AZURE_TOKEN_CREDENTIALS";

  private final Map<String, String> environment;
  private final Path root;
  private final AzureIdentities identities;

  AzureChoice(Map<String, String> environment, Path root, AzureIdentities identities) {
    this.environment = environment;
    this.root = root;
    this.identities = identities;
  }

  /** A way to sign in; one that fails with what was looked for, if the environment shows none. */
  TokenSource pick() {
    try {
      return picked();
    } catch (HdlException e) {
      return new None(e.code(), "Cannot sign in to Azure: " + e.getMessage());
    }
  }

  private TokenSource picked() {
    String narrowed = value(NARROWED).orElse("").toLowerCase(Locale.ROOT);
    return switch (narrowed) {
      case "" -> orNone(deployed().or(this::person));
      case "prod" -> orNone(deployed());
      case "dev" -> orNone(person());
      case "environmentcredential" -> orNone(application());
      case "workloadidentitycredential" -> identities.workloadIdentity(named(narrowed));
      case "managedidentitycredential" -> machine().orElseGet(() -> managed(named(narrowed)));
      case "azureclicredential" -> identities.azureCli(named(narrowed));
      default ->
          new None(
              ErrorCode.INVALID_SETTINGS,
              NARROWED
                  + ": "
                  + value(NARROWED).orElse("")
                  + " (expected: prod, dev, WorkloadIdentityCredential, EnvironmentCredential,"
                  + " ManagedIdentityCredential or AzureCliCredential)");
    };
  }

  private TokenSource orNone(Optional<AzureLogin> found) {
    return found.isPresent() ? found.get() : new None(ErrorCode.UNAUTHENTICATED, nothing());
  }

  private String named(String narrowed) {
    return "chosen because " + NARROWED + " is " + value(NARROWED).orElse(narrowed);
  }

  private Optional<AzureLogin> deployed() {
    return workload().or(this::application).or(this::machine);
  }

  private Optional<AzureLogin> workload() {
    boolean complete = isSet("AZURE_FEDERATED_TOKEN_FILE") && isSet(TENANT) && isSet(CLIENT);
    return complete
        ? Optional.of(
            identities.workloadIdentity(
                "chosen because AZURE_FEDERATED_TOKEN_FILE, "
                    + TENANT
                    + " and "
                    + CLIENT
                    + " are set"))
        : Optional.empty();
  }

  private Optional<AzureLogin> application() {
    if (!isSet(TENANT) || !isSet(CLIENT)) {
      return Optional.empty();
    }
    String tenant = value(TENANT).orElseThrow();
    String client = value(CLIENT).orElseThrow();
    Secrets secrets = Secrets.forSignIn(environment);
    Optional<String> secret = value("AZURE_CLIENT_SECRET");
    if (secret.isPresent()) {
      return Optional.of(
          identities.clientSecret(
              tenant, client, secrets.of(secret.get()), becauseOf("AZURE_CLIENT_SECRET")));
    }
    Optional<Secret> password = value("AZURE_CLIENT_CERTIFICATE_PASSWORD").map(secrets::of);
    return value("AZURE_CLIENT_CERTIFICATE_PATH")
        .map(
            file ->
                identities.clientCertificate(
                    tenant,
                    client,
                    Path.of(file).toAbsolutePath(),
                    password,
                    becauseOf("AZURE_CLIENT_CERTIFICATE_PATH")));
  }

  private static String becauseOf(String variable) {
    return "chosen because " + TENANT + ", " + CLIENT + " and " + variable + " are set";
  }

  private Optional<AzureLogin> machine() {
    if (isSet("IDENTITY_ENDPOINT") && isSet("IDENTITY_HEADER")) {
      return Optional.of(managed("chosen because IDENTITY_ENDPOINT and IDENTITY_HEADER are set"));
    }
    if (isSet("MSI_ENDPOINT")) {
      return Optional.of(managed("chosen because MSI_ENDPOINT is set"));
    }
    if (isSet("IDENTITY_ENDPOINT") && isSet("IMDS_ENDPOINT")) {
      return Optional.of(
          identities.arc(
              "chosen because IDENTITY_ENDPOINT and IMDS_ENDPOINT are set"
                  + (isSet(CLIENT) ? "; " + CLIENT + " is not used" : "")));
    }
    if (isSet("AZURE_POD_IDENTITY_AUTHORITY_HOST")) {
      return Optional.of(managed("chosen because AZURE_POD_IDENTITY_AUTHORITY_HOST is set"));
    }
    return isAzureMachine()
        ? Optional.of(managed("chosen because this machine's asset tag is that of an Azure VM"))
        : Optional.empty();
  }

  private AzureLogin managed(String why) {
    return identities.managedIdentity(value(CLIENT), why);
  }

  private boolean isAzureMachine() {
    Path tag = root.resolve("sys/class/dmi/id/chassis_asset_tag");
    try {
      return Files.isReadable(tag) && Files.readString(tag).strip().equals(AZURE_TAG);
    } catch (IOException e) {
      return false;
    }
  }

  private Optional<AzureLogin> person() {
    for (String folder : value("PATH").orElse("").split(java.io.File.pathSeparator, -1)) {
      for (String name : List.of("az", "az.cmd")) {
        if (!folder.isBlank() && Files.isExecutable(Path.of(folder, name))) {
          return Optional.of(
              identities.azureCli("chosen because az is on the PATH and nothing else is set"));
        }
      }
    }
    return Optional.empty();
  }

  private String nothing() {
    List<String> incomplete = new ArrayList<>();
    for (String variable :
        List.of(
            "AZURE_FEDERATED_TOKEN_FILE", "AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PATH")) {
      if (isSet(variable) && !(isSet(TENANT) && isSet(CLIENT))) {
        incomplete.add(variable + " is set without " + TENANT + " and " + CLIENT);
      }
    }
    if (!isSet("IDENTITY_ENDPOINT") && Files.exists(root.resolve("opt/azcmagent/bin/himds"))) {
      incomplete.add(
          "Azure Arc's agent is installed, but IDENTITY_ENDPOINT and IMDS_ENDPOINT are not set for"
              + " this process");
    }
    if (isSet("IDENTITY_ENDPOINT")) {
      incomplete.add("IDENTITY_ENDPOINT is set without IMDS_ENDPOINT or IDENTITY_HEADER");
    }
    return "Cannot sign in to Azure: the environment shows no identity"
        + (isSet(NARROWED)
            ? " that " + NARROWED + "=" + value(NARROWED).orElse("") + " allows"
            : "")
        + (incomplete.isEmpty() ? "" : " (" + String.join("; ", incomplete) + ")")
        + ". Set AZURE_FEDERATED_TOKEN_FILE, AZURE_CLIENT_SECRET or AZURE_CLIENT_CERTIFICATE_PATH"
        + " with "
        + TENANT
        + " and "
        + CLIENT
        + "; connect the machine to Azure Arc; or run az login. On an Azure VM whose asset tag"
        + " cannot be read set "
        + NARROWED
        + "=ManagedIdentityCredential.";
  }

  private boolean isSet(String variable) {
    return value(variable).isPresent();
  }

  private Optional<String> value(String variable) {
    return Secrets.value(environment, variable).map(String::strip);
  }

  /** No identity: says so when a token is asked for, since some jobs never do. */
  private record None(ErrorCode code, String problem) implements TokenSource {
    @Override
    public AccessToken token(List<String> scopes) {
      throw new HdlException(code, problem);
    }

    @Override
    public String description() {
      return "no identity; the environment shows none";
    }
  }
}
