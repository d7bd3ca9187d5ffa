namespace Tributary.Lightning.Onions;

/// <summary>Why an onion could not be peeled (BOLT 4, "Onion Decryption").</summary>
public enum OnionError
{
    /// <summary>It could.</summary>
    None,

    /// <summary>Not version 0: <c>invalid_onion_version</c>.</summary>
    BadVersion,

    /// <summary>The ephemeral key is no point: <c>invalid_onion_key</c>.</summary>
    BadKey,

    /// <summary>The HMAC is wrong: <c>invalid_onion_hmac</c>.</summary>
    BadHmac,

    /// <summary>The payload's length is not one that fits: <c>invalid_onion_payload</c>, under the shared secret.</summary>
    BadPayload,
}
