namespace Tributary.Bitcoin.Descriptors;

/// <summary>How keys are written.</summary>
internal enum KeyForm
{
    /// <summary>As they were given, without secrets.</summary>
    Public,

    /// <summary>With the secrets that are there.</summary>
    Secret,

    /// <summary>The extended public key behind the last hardened step, with the way there in the origin (BIP 380, normalization).</summary>
    Normalized,
}
