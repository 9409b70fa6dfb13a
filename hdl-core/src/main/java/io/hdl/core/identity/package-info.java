/**
 * Who a job is to the services that it talks to, and its secrets. Entry: {@link
 * io.hdl.core.identity.AzureCredentials} for tokens of Azure, {@link io.hdl.core.identity.Secrets}
 * for passwords and keys, {@link io.hdl.core.identity.Redaction} for texts that leave the process.
 * The only home of Microsoft's azure-identity and Key Vault client.
 *
 * <p>Everything here is thread-safe. Tokens are fetched on daemon threads {@code hdl-token} that
 * end with the fetch; callers wait for them for a bounded time.
 */
@NullMarked
package io.hdl.core.identity;

import org.jspecify.annotations.NullMarked;
