namespace Tributary.Bitcoin.Descriptors;

/// <summary>Where in a descriptor an expression stands, which decides what may stand there.</summary>
internal enum ScriptContext
{
    /// <summary>The outermost expression.</summary>
    Top,

    /// <summary>Inside <c>sh()</c>.</summary>
    ScriptHash,

    /// <summary>Inside <c>wsh()</c>.</summary>
    WitnessScriptHash,

    /// <summary>A leaf of <c>tr()</c>.</summary>
    Tapscript,
}
