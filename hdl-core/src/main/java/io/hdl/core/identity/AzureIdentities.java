package io.hdl.core.identity;

import com.azure.core.credential.TokenCredential;
import com.azure.core.http.HttpClient;
import com.azure.core.http.HttpPipeline;
import com.azure.identity.AzureAuthorityHosts;
import com.azure.identity.AzureCliCredentialBuilder;
import com.azure.identity.ClientCertificateCredentialBuilder;
import com.azure.identity.ClientSecretCredentialBuilder;
import com.azure.identity.ManagedIdentityCredentialBuilder;
import com.azure.identity.WorkloadIdentityCredentialBuilder;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.retry.RetryPolicy;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** The ways to sign in that azure-identity knows. Immutable and thread-safe. */
final class AzureIdentities {
  private final Map<String, String> environment;
  private final Supplier<HttpClient> services;
  private final Supplier<HttpClient> metadata;
  private final RetryPolicy retry;

  AzureIdentities(
      Map<String, String> environment,
      Supplier<HttpClient> services,
      Supplier<HttpClient> metadata,
      RetryPolicy retry) {
    this.environment = environment;
    this.services = services;
    this.metadata = metadata;
    this.retry = retry;
  }

  /** Those of this process: 4 tries within 30 s. */
  static AzureIdentities of(Map<String, String> environment) {
    return new AzureIdentities(
        environment,
        AzureHttp::services,
        AzureHttp::metadata,
        RetryPolicy.builder().deadline(Duration.ofSeconds(30)).maxTries(4).build());
  }

  /** What the platform that this process runs on lends it. */
  AzureLogin managedIdentity(Optional<String> clientId, String why) {
    String name =
        clientId
            .map(id -> "managed identity with client id " + id)
            .orElse("managed identity, system-assigned");
    boolean imds = !isSet("IDENTITY_ENDPOINT") && !isSet("MSI_ENDPOINT");
    String at = value("AZURE_POD_IDENTITY_AUTHORITY_HOST").orElse("169.254.169.254");
    String absent =
        imds
            ? "nobody answers at "
                + at
                + ": this is no Azure VM, or its network keeps the metadata service away. Choose"
                + " another identity, or name one in AZURE_TOKEN_CREDENTIALS."
            : "";
    return new AzureLogin(
        name,
        why,
        clientId.isPresent()
            ? "Assign the identity to this machine, or correct its client id."
            : "Give this machine a system-assigned identity, or name a user-assigned one by its"
                + " client id (AZURE_CLIENT_ID).",
        metadata,
        pipeline -> {
          ManagedIdentityCredentialBuilder builder =
              new ManagedIdentityCredentialBuilder().pipeline(pipeline);
          clientId.ifPresent(builder::clientId);
          return builder.build();
        },
        retry,
        new AzureLogin.Endpoint(true, ErrorCode.UNAUTHENTICATED, absent));
  }

  /** The identity that Azure Arc's agent lends this machine. */
  AzureLogin arc(String why) {
    return new AzureLogin(
        "Azure Arc's identity of this machine",
        why,
        "Let this user read the agent's keys (on Linux: add it to the group himds and sign in"
            + " anew), and see with azcmagent show that the machine is connected.",
        metadata,
        pipeline -> {
          if (!isSet("IDENTITY_ENDPOINT") || !isSet("IMDS_ENDPOINT")) {
            throw new HdlException(
                ErrorCode.UNAUTHENTICATED,
                "Cannot sign in to Azure as Azure Arc's identity of this machine: IDENTITY_ENDPOINT"
                    + " and IMDS_ENDPOINT are not both set. Set them to what Arc's agent listens"
                    + " at, http://localhost:40342/metadata/identity/oauth2/token and"
                    + " http://localhost:40342.");
          }
          return new ManagedIdentityCredentialBuilder().pipeline(pipeline).build();
        },
        retry,
        new AzureLogin.Endpoint(
            true,
            ErrorCode.UNAVAILABLE,
            "nobody answers at "
                + value("IDENTITY_ENDPOINT").orElse("the agent's endpoint")
                + ". See with azcmagent show that Arc's agent runs."));
  }

  /** A token file that a platform such as Kubernetes keeps, traded for Azure's tokens. */
  AzureLogin workloadIdentity(String why) {
    String tenant = value("AZURE_TENANT_ID").orElse("(AZURE_TENANT_ID is not set)");
    String client = value("AZURE_CLIENT_ID").orElse("(AZURE_CLIENT_ID is not set)");
    return new AzureLogin(
        "workload identity, client " + client + " in tenant " + tenant,
        why,
        "Check the application's federated credential: issuer, subject and audience.",
        services,
        pipeline -> {
          Path file =
              Path.of(required("AZURE_FEDERATED_TOKEN_FILE", "workload identity")).toAbsolutePath();
          requireReadable("the federated token file", file);
          return new WorkloadIdentityCredentialBuilder()
              .authorityHost(authority())
              .tenantId(required("AZURE_TENANT_ID", "workload identity"))
              .clientId(required("AZURE_CLIENT_ID", "workload identity"))
              .tokenFilePath(file.toString())
              .pipeline(pipeline)
              .build();
        },
        retry,
        AzureLogin.Endpoint.SERVICE);
  }

  AzureLogin clientSecret(String tenant, String client, Secret secret, String why) {
    return login(
        "client secret of application " + client + " in tenant " + tenant,
        why,
        "Check tenant, client id and secret.",
        pipeline ->
            new ClientSecretCredentialBuilder()
                .authorityHost(authority())
                .tenantId(tenant)
                .clientId(client)
                .clientSecret(secret.reveal())
                .pipeline(pipeline)
                .build());
  }

  AzureLogin clientCertificate(
      String tenant, String client, Path file, Optional<Secret> password, String why) {
    return login(
        "client certificate of application " + client + " in tenant " + tenant,
        why,
        "Check tenant, client id and certificate (" + file + ").",
        pipeline -> {
          byte[] bytes = requireReadable("the client certificate", file);
          ClientCertificateCredentialBuilder builder =
              new ClientCertificateCredentialBuilder()
                  .authorityHost(authority())
                  .tenantId(tenant)
                  .clientId(client)
                  .pipeline(pipeline);
          boolean pem = new String(bytes, StandardCharsets.ISO_8859_1).contains("-----BEGIN ");
          if (pem) {
            builder.pemCertificate(new ByteArrayInputStream(bytes));
          } else {
            builder.pfxCertificate(new ByteArrayInputStream(bytes));
          }
          password.map(Secret::reveal).ifPresent(builder::clientCertificatePassword);
          return builder.build();
        });
  }

  AzureLogin azureCli(String why) {
    return login(
        "Azure CLI's signed-in user",
        why,
        "Install the Azure CLI and run az login.",
        pipeline ->
            new AzureCliCredentialBuilder()
                .processTimeout(Duration.ofSeconds(20))
                .pipeline(pipeline)
                .build());
  }

  private AzureLogin login(
      String name, String why, String advice, Function<HttpPipeline, TokenCredential> credential) {
    return new AzureLogin(
        name, why, advice, services, credential, retry, AzureLogin.Endpoint.SERVICE);
  }

  private String authority() {
    return value("AZURE_AUTHORITY_HOST").orElse(AzureAuthorityHosts.AZURE_PUBLIC_CLOUD);
  }

  private String required(String variable, String what) {
    return value(variable)
        .orElseThrow(
            () ->
                new HdlException(
                    ErrorCode.UNAUTHENTICATED,
                    "Cannot sign in to Azure with " + what + ": " + variable + " is not set."));
  }

  private static byte[] requireReadable(String what, Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new HdlException(
          ErrorCode.UNAUTHENTICATED,
          "Cannot sign in to Azure: "
              + what
              + " "
              + file
              + " cannot be read ("
              + e.getClass().getSimpleName()
              + "). Put it there, or let this process read it.",
          e);
    }
  }

  private boolean isSet(String variable) {
    return value(variable).isPresent();
  }

  private Optional<String> value(String variable) {
    return Secrets.value(environment, variable).map(String::strip);
  }
}
