using Tributary.Proofs.Air;
using Tributary.Proofs.Fields;
using Tributary.Proofs.Poseidon2;
using Tributary.Proofs.Tables;
using Tributary.Rollup.Signatures;

namespace Tributary.Rollup.Proving.Tables;

/// <summary>
/// Permutations of width 24, one a row. Every row offers its compression to the leaves of the state tree, as often as it is asked; rows in sequence
/// check a signature: its message, the ends of its chains two by two, the path of its one-time key, and the key root (docs/rollup/air.md, section 4.3).
/// </summary>
internal sealed class WideAir : IAir
{
    public const int Uses = 239;
    public const int Message = Uses + 1;
    public const int Ends = Message + 1;
    public const int Phases = 4;
    public const int Node = Ends + Phases;
    public const int Root = Node + 1;
    public const int Signature = Root + 1;
    public const int Parameter = Signature + 1;
    public const int Index = Parameter + Xmss.ParameterElements;
    public const int Counter = Index + 2;
    public const int Bit = Counter + 1;
    public const int Carry = Bit + 1;
    public const int Ones = Carry + 1;
    public const int Digits = Ones + 1;
    public const int Full = Digits + 2;
    public const int Closing = Full + 2;
    public const int Rest = Closing + 1;
    public const int Sum = Rest + 1;
    public const int Hash = Sum + 1;
    public const int Columns = Hash + XmssHash.MessageElements;

    /// <summary>Rows that take chain ends.</summary>
    public const int Pairs = Xmss.Chains / 2;

    /// <summary>What may be left of an element of a message hash above 24 bits: it is not p − 1.</summary>
    public const uint RestLimit = 126;

    /// <summary>What may be left of the last one above the 18 bits that count.</summary>
    public const uint LastRestLimit = (RestLimit << 6) + 63;

    private const int Digest = Xmss.DigestElements;
    private const int Input = XmssHash.WideWidth;

    private static readonly int Output = new Poseidon2Air(Poseidon2Parameters.Width24).OutputColumn;

    public string Name => "wide";

    public int Width => Columns;

    public void Evaluate<TBuilder, T>(ref TBuilder air)
        where TBuilder : struct, IAirBuilder<T>, allows ref struct
        where T : struct, IAlgebra<T>
    {
        Poseidon2Air.Constrain<TBuilder, T>(Poseidon2Parameters.Width24, ref air, 0);
        var cells = default(MessageCells<T>);
        Span<T> call = cells;
        call = call[..RollupBuses.Wide.Width];
        Cells.Read(ref air, 0, call[..Input]);
        for (var i = 0; i < Digest; i++)
            call[Input + i] = air.Main(i) + air.Main(Output + i);
        ReadOnlySpan<T> output = call[Input..];

        Order<TBuilder, T>(ref air);
        Constants<TBuilder, T>(ref air);
        MessageRow<TBuilder, T>(ref air, output);
        EndRows<TBuilder, T>(ref air, output);
        Encoding<TBuilder, T>(ref air, output);
        Path<TBuilder, T>(ref air, output);
        KeyRoot<TBuilder, T>(ref air, output);
        Messages<TBuilder, T>(ref air, call);
    }

    private static T EndsOf<TBuilder, T>(ref TBuilder air)
        where TBuilder : struct, IAirBuilder<T>, allows ref struct
        where T : struct, IAlgebra<T> =>
        air.Main(Ends) + air.Main(Ends + 1) + air.Main(Ends + 2) + air.Main(Ends + 3);

    private static T NextEndsOf<TBuilder, T>(ref TBuilder air)
        where TBuilder : struct, IAirBuilder<T>, allows ref struct
        where T : struct, IAlgebra<T> =>
        air.Next(Ends) + air.Next(Ends + 1) + air.Next(Ends + 2) + air.Next(Ends + 3);

    /// <summary>The order of rows: message, ends in phases 0 to 3 over and over, nodes from a third phase on, root. Any other row stands alone.</summary>
    private static void Order<TBuilder, T>(ref TBuilder air)
        where TBuilder : struct, IAirBuilder<T>, allows ref struct
        where T : struct, IAlgebra<T>
    {
        var all = T.Zero;
        for (var flag = Message; flag <= Root; flag++)
        {
            AirAssert.Boolean(ref air, air.Main(flag));
            all += air.Main(flag);
        }

        AirAssert.Boolean(ref air, all);
        air.AssertZero(air.Next(Ends) - air.Main(Message) - air.Main(Ends + 3));
        air.AssertZero(air.Next(Ends + 1) - air.Main(Ends));
        air.AssertZero(air.Next(Ends + 2) - air.Main(Ends + 1));
        air.AssertZero(air.Main(Ends + 2) * (T.One - air.Next(Ends + 3) - air.Next(Node)));
        air.AssertZero(air.Next(Ends + 3) * (T.One - air.Main(Ends + 2)));
        air.AssertZero(air.Next(Node) * (T.One - air.Main(Ends + 2) - air.Main(Node)));
        air.AssertZero(air.Main(Node) * (T.One - air.Next(Node) - air.Next(Root)));
        air.AssertZero(air.Next(Root) * (T.One - air.Main(Node)));
    }

    /// <summary>Signature and parameter stay the same through all rows, the index through the ends.</summary>
    private static void Constants<TBuilder, T>(ref TBuilder air)
        where TBuilder : struct, IAirBuilder<T>, allows ref struct
        where T : struct, IAlgebra<T>
    {
        var goesOn = air.Main(Message) + EndsOf<TBuilder, T>(ref air) + air.Main(Node);
        for (var column = Signature; column < Index; column++)
            air.AssertZero(goesOn * (air.Next(column) - air.Main(column)));
        var ends = NextEndsOf<TBuilder, T>(ref air);
        air.AssertZero(ends * (air.Next(Index) - air.Main(Index)));
        air.AssertZero(ends * (air.Next(Index + 1) - air.Main(Index + 1)));
    }

    /// <summary>The input of a message hash up to the message, which comes over the bus, and what the rows of ends start with.</summary>
    private static void MessageRow<TBuilder, T>(ref TBuilder air, scoped ReadOnlySpan<T> output)
        where TBuilder : struct, IAirBuilder<T>, allows ref struct
        where T : struct, IAlgebra<T>
    {
        var message = air.Main(Message);
        air.AssertZero(message * (air.Main(0) - Cells.Constant<T>(XmssHash.MessageDomain)));
        air.AssertZero(message * (air.Main(1) - air.Main(Index)));
        air.AssertZero(message * (air.Main(2) - air.Main(Index + 1)));
        air.AssertZero(message * (air.Next(0) - Cells.Constant<T>(XmssHash.LeafDomain)));
        for (var i = 0; i < Xmss.ParameterElements; i++)
        {
            air.AssertZero(message * (air.Main(3 + i) - air.Main(Parameter + i)));
            air.AssertZero(message * (air.Next(1 + i) - air.Main(Parameter + i)));
        }

        air.AssertZero(message * (air.Next(6) - air.Main(Index)));
        air.AssertZero(message * (air.Next(7) - air.Main(Index + 1)));
        air.AssertZero(message * air.Next(Counter));
        air.AssertZero(message * (air.Next(Sum) - air.Next(Digits) - air.Next(Digits + 1)));
        for (var i = 0; i < XmssHash.MessageElements; i++)
            air.AssertZero(message * (air.Next(Hash + i) - output[i]));
    }

    /// <summary>From ends to ends the chaining value, the counter and the sum of digits go on; the last pair closes the sum.</summary>
    private static void EndRows<TBuilder, T>(ref TBuilder air, scoped ReadOnlySpan<T> output)
        where TBuilder : struct, IAirBuilder<T>, allows ref struct
        where T : struct, IAlgebra<T>
    {
        var ends = EndsOf<TBuilder, T>(ref air);
        var both = ends * NextEndsOf<TBuilder, T>(ref air);
        for (var i = 0; i < Digest; i++)
            air.AssertZero(both * (air.Next(i) - output[i]));
        air.AssertZero(both * (air.Next(Counter) - air.Main(Counter) - T.One));
        air.AssertZero(both * (air.Next(Sum) - air.Main(Sum) - air.Next(Digits) - air.Next(Digits + 1)));

        var finish = air.Main(Ends + 2) * air.Next(Node);
        air.AssertZero(finish * (air.Main(Counter) - Cells.Constant<T>(Pairs - 1)));
        air.AssertZero(finish * (air.Main(Sum) - Cells.Constant<T>(Xmss.TargetSum)));
        air.AssertZero(finish * (air.Next(Counter) - T.One));
        air.AssertZero(ends * (air.Main(Ones) - T.One));

        // A chain whose digit is its end has no steps: its value is taken as it is.
        for (var i = 0; i < 2; i++)
        {
            AirAssert.Boolean(ref air, air.Main(Full + i));
            air.AssertZero(air.Main(Full + i) * (T.One - ends));
            air.AssertZero(air.Main(Full + i) * (air.Main(Digits + i) - Cells.Constant<T>(Xmss.Base - 1)));
        }
    }

    /// <summary>
    /// The digits are those of the message hash. Six bits a row leave its elements from below; after four rows, or three of the last element, what is left
    /// is small, and the next element comes up.
    /// </summary>
    private static void Encoding<TBuilder, T>(ref TBuilder air, scoped ReadOnlySpan<T> output)
        where TBuilder : struct, IAirBuilder<T>, allows ref struct
        where T : struct, IAlgebra<T>
    {
        var closing = air.Main(Closing);
        var third = air.Main(Ends + 3);
        air.AssertZero(closing - third - (air.Main(Ends + 2) * air.Next(Node)));
        var inside = EndsOf<TBuilder, T>(ref air) - closing;
        var value = air.Main(Digits) + Cells.Times(air.Main(Digits + 1), Xmss.Base);
        const uint shift = Xmss.Base * Xmss.Base;
        air.AssertZero(inside * (Cells.Times(air.Next(Hash), shift) + value - air.Main(Hash)));
        for (var i = 1; i < XmssHash.MessageElements; i++)
        {
            air.AssertZero(inside * (air.Next(Hash + i) - air.Main(Hash + i)));
            air.AssertZero(third * (air.Next(Hash + i - 1) - air.Main(Hash + i)));
        }

        air.AssertZero(closing * (Cells.Times(air.Main(Rest), shift) + value - air.Main(Hash)));
    }

    /// <summary>A node hashes what came before and a sibling, in the order that the index says; the index loses a bit.</summary>
    private static void Path<TBuilder, T>(ref TBuilder air, scoped ReadOnlySpan<T> output)
        where TBuilder : struct, IAirBuilder<T>, allows ref struct
        where T : struct, IAlgebra<T>
    {
        T node = air.Main(Node), nextNode = air.Next(Node), nextBit = air.Next(Bit);
        AirAssert.Boolean(ref air, air.Main(Bit));
        AirAssert.Boolean(ref air, air.Main(Carry));
        for (var i = 0; i < Digest; i++)
            air.AssertZero(nextNode * (output[i] - air.Next(i) - (nextBit * (air.Next(Digest + i) - air.Next(i)))));
        for (var i = 0; i < Xmss.ParameterElements; i++)
            air.AssertZero(node * (air.Main((2 * Digest) + i) - air.Main(Parameter + i)));
        air.AssertZero(node * (air.Main(21) - Cells.Constant<T>(XmssHash.NodeDomain) - Cells.Times(air.Main(Counter), 1 << 8)));
        air.AssertZero(node * (air.Main(22) - air.Main(Index)));
        air.AssertZero(node * (air.Main(23) - air.Main(Index + 1)));
        air.AssertZero(node * (air.Main(Rest) - air.Main(Index)));
        air.AssertZero(node * nextNode * (air.Next(Counter) - air.Main(Counter) - T.One));

        var nextCarry = air.Next(Carry);
        air.AssertZero(nextNode * (air.Main(Index) - T.Double(air.Next(Index)) - nextBit + Cells.Times(nextCarry, 1 << 16)));
        air.AssertZero(nextNode * (air.Main(Index + 1) - T.Double(air.Next(Index + 1)) - nextCarry));
        air.AssertZero(nextNode * (air.Next(Ones) - (air.Main(Ones) * nextBit)));
    }

    /// <summary>The key root hashes the root of the tree, where nothing is left of the index.</summary>
    private static void KeyRoot<TBuilder, T>(ref TBuilder air, scoped ReadOnlySpan<T> output)
        where TBuilder : struct, IAirBuilder<T>, allows ref struct
        where T : struct, IAlgebra<T>
    {
        T root = air.Main(Root), nextRoot = air.Next(Root);
        for (var i = 0; i < Digest; i++)
            air.AssertZero(nextRoot * (air.Next(i) - output[i]));
        air.AssertZero(nextRoot * air.Main(Index));
        air.AssertZero(nextRoot * air.Main(Index + 1));
        air.AssertZero(nextRoot * (air.Next(Counter) - air.Main(Counter)));
        air.AssertZero(nextRoot * (air.Next(Ones) - air.Main(Ones)));
        for (var i = 0; i < Xmss.ParameterElements; i++)
            air.AssertZero(root * (air.Main(Digest + i) - air.Main(Parameter + i)));
        air.AssertZero(root * (air.Main(13) - Cells.Constant<T>(XmssHash.RootDomain)));
        air.AssertZero(root * (air.Main(14) - air.Main(Counter)));
        for (var i = 15; i < Input; i++)
            air.AssertZero(root * air.Main(i));
    }

    private static void Messages<TBuilder, T>(ref TBuilder air, scoped ReadOnlySpan<T> call)
        where TBuilder : struct, IAirBuilder<T>, allows ref struct
        where T : struct, IAlgebra<T>
    {
        air.Receive(RollupBuses.Wide, air.Main(Uses), call);

        var cells = default(MessageCells<T>);
        Span<T> signed = cells;
        signed = signed[..RollupBuses.Signed.Width];
        signed[0] = air.Main(Signature);
        Cells.Read(ref air, Index, signed.Slice(1, 2));
        Cells.Read(ref air, 16, signed[3..]);
        air.Receive(RollupBuses.Signed, air.Main(Message), signed);

        Span<T> end = cells;
        end = end[..RollupBuses.Ends.Width];
        end[0] = air.Main(Signature);
        Cells.Read(ref air, Parameter, end.Slice(3, Xmss.ParameterElements));
        Cells.Read(ref air, Index, end.Slice(8, 2));
        for (var i = 0; i < 2; i++)
        {
            end[1] = T.Double(air.Main(Counter)) + (i == 0 ? T.Zero : T.One);
            end[2] = air.Main(Digits + i);
            call.Slice(Digest + (i * Digest), Digest).CopyTo(end[10..]);
            air.Receive(RollupBuses.Ends, EndsOf<TBuilder, T>(ref air) - air.Main(Full + i), end);
        }

        T closing = air.Main(Closing), third = air.Main(Ends + 3);
        var limit = Cells.Times(third, RestLimit) + Cells.Times(closing - third, LastRestLimit);
        air.Send(RollupBuses.Range, air.Main(Node) + closing, [air.Main(Rest)]);
        air.Send(RollupBuses.Range, closing, [limit - air.Main(Rest)]);

        Span<T> key = cells;
        key = key[..RollupBuses.Keys.Width];
        key[0] = air.Main(Signature);
        key[1] = air.Main(Counter);
        key[2] = air.Main(Ones);
        call[Input..].CopyTo(key[3..]);
        air.Send(RollupBuses.Keys, air.Main(Root), key);
    }
}
