using Tributary.Proofs.Air;
using Tributary.Proofs.Fields;
using Tributary.Proofs.Poseidon2;
using Tributary.Proofs.Tables;
using Tributary.Rollup.Signatures;

namespace Tributary.Rollup.Proving.Tables;

/// <summary>
/// Permutations of width 16, one a row. Every row offers its compression to the nodes of the state tree, as often as it is asked; rows in sequence are
/// the steps of a chain of a signature, from its digit to the end (docs/rollup/air.md, section 4.2).
/// </summary>
internal sealed class NarrowAir : IAir
{
    public const int Uses = 164;
    public const int Active = Uses + 1;
    public const int Last = Active + 1;
    public const int Signature = Last + 1;
    public const int Digit = Signature + 1;
    public const int Step = Digit + 1;
    public const int StepBits = 3;
    public const int Columns = Step + StepBits;

    /// <summary>Inputs: value, parameter, tweak, index.</summary>
    public const int Parameter = Xmss.DigestElements;
    public const int Tweak = Parameter + Xmss.ParameterElements;
    public const int Index = Tweak + 1;

    private const int Digest = Xmss.DigestElements;

    private static readonly int Output = new Poseidon2Air(Poseidon2Parameters.Width16).OutputColumn;

    public string Name => "narrow";

    public int Width => Columns;

    public void Evaluate<TBuilder, T>(ref TBuilder air)
        where TBuilder : struct, IAirBuilder<T>, allows ref struct
        where T : struct, IAlgebra<T>
    {
        Poseidon2Air.Constrain<TBuilder, T>(Poseidon2Parameters.Width16, ref air, 0);
        var cells = default(MessageCells<T>);
        Span<T> call = cells;
        call = call[..RollupBuses.Narrow.Width];
        Cells.Read(ref air, 0, call[..XmssHash.ChainWidth]);
        for (var i = 0; i < Digest; i++)
            call[XmssHash.ChainWidth + i] = air.Main(i) + air.Main(Output + i);
        Span<T> output = call[XmssHash.ChainWidth..];

        T active = air.Main(Active), last = air.Main(Last);
        AirAssert.Boolean(ref air, active);
        AirAssert.Boolean(ref air, last);
        air.AssertZero(last * (T.One - active));
        T step = T.Zero, nextStep = T.Zero;
        for (var bit = 0; bit < StepBits; bit++)
        {
            AirAssert.Boolean(ref air, air.Main(Step + bit));
            step += Cells.Times(air.Main(Step + bit), 1u << bit);
            nextStep += Cells.Times(air.Next(Step + bit), 1u << bit);
        }

        // A chain goes on until its last step, the one to the end.
        air.AssertZero(last * (step - Cells.Constant<T>(Xmss.Base - 2)));
        var goesOn = active - last;
        air.AssertZero(goesOn * (T.One - air.Next(Active)));
        air.AssertZero(goesOn * (nextStep - step - T.One));
        air.AssertZero(goesOn * (air.Next(Tweak) - air.Main(Tweak) - Cells.Constant<T>(1 << 16)));
        air.AssertZero(goesOn * (air.Next(Signature) - air.Main(Signature)));
        air.AssertZero(goesOn * (air.Next(Digit) - air.Main(Digit)));
        for (var i = 0; i < Digest; i++)
            air.AssertZero(goesOn * (air.Next(i) - output[i]));
        for (var i = Parameter; i < XmssHash.ChainWidth; i++)
        {
            if (i != Tweak)
                air.AssertZero(goesOn * (air.Next(i) - air.Main(i)));
        }

        // It starts at its digit.
        air.AssertZero(air.Next(Active) * (T.One - goesOn) * (nextStep - air.Next(Digit)));
        air.Receive(RollupBuses.Narrow, air.Main(Uses), call);

        var ends = default(MessageCells<T>);
        Span<T> end = ends;
        end = end[..RollupBuses.Ends.Width];
        end[0] = air.Main(Signature);
        end[1] = T.DivideByPowerOfTwo(air.Main(Tweak) - Cells.Constant<T>(XmssHash.ChainDomain) - Cells.Times(step, 1 << 16), 8);
        end[2] = air.Main(Digit);
        Cells.Read(ref air, Parameter, end.Slice(3, Xmss.ParameterElements));
        Cells.Read(ref air, Index, end.Slice(8, 2));
        output.CopyTo(end[10..]);
        air.Send(RollupBuses.Ends, last, end);
    }
}
