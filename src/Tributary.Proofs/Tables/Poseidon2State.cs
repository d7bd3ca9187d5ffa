using System.Runtime.CompilerServices;

namespace Tributary.Proofs.Tables;

/// <summary>Room for the widest state, on the stack for any algebra.</summary>
[InlineArray(24)]
internal struct Poseidon2State<T>
{
    private T _element;
}
