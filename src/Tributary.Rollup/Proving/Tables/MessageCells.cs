using System.Runtime.CompilerServices;

namespace Tributary.Rollup.Proving.Tables;

/// <summary>Room for the widest message, on the stack for any algebra.</summary>
[InlineArray(Length)]
internal struct MessageCells<T>
{
    public const int Length = 40;

    private T _element;
}
