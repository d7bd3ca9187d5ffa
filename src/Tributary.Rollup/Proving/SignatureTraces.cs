using Tributary.Proofs.Fields;
using Tributary.Proofs.Memory;
using Tributary.Proofs.Poseidon2;
using Tributary.Proofs.Tables;
using Tributary.Rollup.Proving.Tables;
using Tributary.Rollup.Segments;
using Tributary.Rollup.Signatures;

namespace Tributary.Rollup.Proving;

/// <summary>
/// Fills the two hash tables: signatures first, all side by side step by step, then the compressions that other tables ask for.
/// </summary>
internal sealed class SignatureTraces
{
    private const int Digest = Xmss.DigestElements;

    private readonly TraceSet _set;
    private readonly List<SignatureRow> _signatures;
    private readonly HashCalls _narrowCalls;
    private readonly HashCalls _wideCalls;
    private readonly ColumnMatrix _narrow;
    private readonly ColumnMatrix _wide;
    private readonly int[] _start;
    private readonly byte[] _digits;
    private readonly KoalaBear[] _ends;
    private readonly KoalaBear[] _states;
    private readonly KoalaBear[] _hashes;
    private readonly KoalaBear[] _rows;
    private readonly int _narrowUsed;
    private readonly int _wideUsed;

    private SignatureTraces(TraceSet set, List<SignatureRow> signatures, HashCalls narrow, HashCalls wide)
    {
        (_set, _signatures, _narrowCalls, _wideCalls) = (set, signatures, narrow, wide);
        _narrowUsed = signatures.Count * Xmss.VerifierSteps;
        _start = new int[signatures.Count];
        foreach (var (i, signature) in signatures.Index())
        {
            _start[i] = _wideUsed;
            _wideUsed += WideAir.Pairs + signature.LogLifetime + 2;
        }

        _narrow = set.Create(RollupMachine.Narrow, _narrowUsed + narrow.Count);
        _wide = set.Create(RollupMachine.Wide, _wideUsed + wide.Count);
        _digits = new byte[signatures.Count * Xmss.Chains];
        _ends = new KoalaBear[signatures.Count * Xmss.Chains * Digest];
        _states = new KoalaBear[signatures.Count * Digest];
        _hashes = new KoalaBear[signatures.Count * XmssHash.MessageElements];
        _rows = new KoalaBear[signatures.Count * XmssHash.WideWidth];
    }

    public static void Fill(TraceSet set, SegmentWitness witness, HashCalls narrow, HashCalls wide, int threads)
    {
        var traces = new SignatureTraces(set, witness.Signatures, narrow, wide);
        traces.Messages();
        traces.Chains();
        traces.Leaves();
        traces.Paths();
        traces.Roots();
        Calls(traces._narrow, narrow, traces._narrowUsed, XmssHash.ChainWidth, NarrowAir.Uses);
        Calls(traces._wide, wide, traces._wideUsed, XmssHash.WideWidth, WideAir.Uses);
        Poseidon2Trace.Fill(Poseidon2Parameters.Width16, traces._narrow, 0, threads);
        Poseidon2Trace.Fill(Poseidon2Parameters.Width24, traces._wide, 0, threads);
    }

    private Span<KoalaBear> Row(int signature) => _rows.AsSpan(signature * XmssHash.WideWidth, XmssHash.WideWidth);

    private Span<KoalaBear> State(int signature) => _states.AsSpan(signature * Digest, Digest);

    private static ReadOnlySpan<KoalaBear> Randomness(SignatureRow row) => row.Elements.AsSpan(0, Xmss.RandomnessElements);

    private static ReadOnlySpan<KoalaBear> Parameter(SignatureRow row) => row.Elements.AsSpan(Xmss.RandomnessElements, Xmss.ParameterElements);

    private static ReadOnlySpan<KoalaBear> Sibling(SignatureRow row, int level) =>
        row.Elements.AsSpan(Xmss.RandomnessElements + Xmss.ParameterElements + ((Xmss.Chains + level - 1) * Digest), Digest);

    /// <summary>The row of a signature in the wide table, with what all its rows have.</summary>
    private int Place(int signature, int row, int flag)
    {
        var place = _start[signature] + row;
        var signed = _signatures[signature];
        Write(_wide, place, 0, Row(signature));
        _wide[place, flag] = KoalaBear.One;
        _wide[place, WideAir.Signature] = signed.Number;
        Write(_wide, place, WideAir.Parameter, Parameter(signed));
        return place;
    }

    private void WriteIndex(int place, uint index)
    {
        _wide[place, WideAir.Index] = index & 0xffff;
        _wide[place, WideAir.Index + 1] = index >> 16;
    }

    private void Messages()
    {
        for (var i = 0; i < _signatures.Count; i++)
        {
            var signed = _signatures[i];
            XmssHash.WriteMessage(Row(i), Parameter(signed), signed.Index, Randomness(signed), signed.Message);
            WriteIndex(Place(i, 0, WideAir.Message), signed.Index);
        }

        Poseidon2Compression.CompressRows(Poseidon2Parameters.Width24, _rows, _hashes, XmssHash.MessageElements);
        for (var i = 0; i < _signatures.Count; i++)
        {
            if (!XmssHash.TryEncode(_hashes.AsSpan(i * XmssHash.MessageElements, XmssHash.MessageElements), _digits.AsSpan(i * Xmss.Chains, Xmss.Chains)))
                throw new InvalidOperationException("A signature whose digits miss the target sum.");
        }
    }

    private void Chains()
    {
        var rows = new KoalaBear[_digits.Length * XmssHash.ChainWidth];
        var outputs = new KoalaBear[_digits.Length * Digest];
        var places = new int[_digits.Length];
        for (int chain = 0, place = 0; chain < _digits.Length; chain++)
        {
            var signed = _signatures[chain / Xmss.Chains];
            var first = Xmss.RandomnessElements + Xmss.ParameterElements + (chain % Xmss.Chains * Digest);
            signed.Elements.AsSpan(first, Digest).CopyTo(_ends.AsSpan(chain * Digest));
            places[chain] = place - _digits[chain];
            place += Xmss.Base - 1 - _digits[chain];
        }

        for (var step = 0; step < Xmss.Base - 1; step++)
        {
            var count = 0;
            for (var chain = 0; chain < _digits.Length; chain++)
            {
                if (_digits[chain] > step)
                    continue;
                var signed = _signatures[chain / Xmss.Chains];
                var row = rows.AsSpan(count++ * XmssHash.ChainWidth, XmssHash.ChainWidth);
                XmssHash.WriteChain(row, _ends.AsSpan(chain * Digest, Digest), Parameter(signed), signed.Index, chain % Xmss.Chains, step);
                WriteStep(places[chain] + step, row, signed.Number, _digits[chain], step);
            }

            Poseidon2Compression.CompressRows(
                Poseidon2Parameters.Width16, rows.AsSpan(0, count * XmssHash.ChainWidth), outputs.AsSpan(0, count * Digest), Digest);
            count = 0;
            for (var chain = 0; chain < _digits.Length; chain++)
            {
                if (_digits[chain] <= step)
                    outputs.AsSpan(count++ * Digest, Digest).CopyTo(_ends.AsSpan(chain * Digest));
            }
        }
    }

    private void WriteStep(int place, ReadOnlySpan<KoalaBear> row, uint number, byte digit, int step)
    {
        Write(_narrow, place, 0, row);
        _narrow[place, NarrowAir.Active] = KoalaBear.One;
        _narrow[place, NarrowAir.Last] = KoalaBear.FromBoolean(step == Xmss.Base - 2);
        _narrow[place, NarrowAir.Signature] = number;
        _narrow[place, NarrowAir.Digit] = (uint)digit;
        for (var bit = 0; bit < NarrowAir.StepBits; bit++)
            _narrow[place, NarrowAir.Step + bit] = KoalaBear.FromBoolean((step >> bit & 1) != 0);
    }

    private void Leaves()
    {
        var left = new uint[_hashes.Length];
        for (var i = 0; i < left.Length; i++)
            left[i] = _hashes[i].Value;
        var sums = new int[_signatures.Count];
        for (var pair = 0; pair < WideAir.Pairs; pair++)
        {
            for (var i = 0; i < _signatures.Count; i++)
            {
                var signed = _signatures[i];
                var row = Row(i);
                if (pair == 0)
                {
                    row[0] = XmssHash.LeafDomain;
                    Parameter(signed).CopyTo(row[1..]);
                    Instruction.WriteLimbs(signed.Index, row[6..]);
                }
                else
                {
                    State(i).CopyTo(row);
                }

                var chain = (i * Xmss.Chains) + (2 * pair);
                _ends.AsSpan(chain * Digest, 2 * Digest).CopyTo(row[Digest..]);
                sums[i] += _digits[chain] + _digits[chain + 1];
                WritePair(i, pair, sums[i], left.AsSpan(i * XmssHash.MessageElements, XmssHash.MessageElements));
            }

            Poseidon2Compression.CompressRows(Poseidon2Parameters.Width24, _rows, _states, Digest);
        }
    }

    /// <summary>The digits of a pair leave the hash; <paramref name="left"/> holds what is left of its elements, the one at hand first.</summary>
    private void WritePair(int signature, int pair, int sum, Span<uint> left)
    {
        var place = Place(signature, 1 + pair, WideAir.Ends + (pair % WideAir.Phases));
        WriteIndex(place, _signatures[signature].Index);
        var digits = _digits.AsSpan((signature * Xmss.Chains) + (2 * pair), 2);
        _wide[place, WideAir.Counter] = (uint)pair;
        _wide[place, WideAir.Ones] = KoalaBear.One;
        _wide[place, WideAir.Sum] = sum;
        for (var i = 0; i < 2; i++)
        {
            _wide[place, WideAir.Digits + i] = (uint)digits[i];
            _wide[place, WideAir.Full + i] = KoalaBear.FromBoolean(digits[i] == Xmss.Base - 1);
        }

        for (var i = 0; i < left.Length; i++)
            _wide[place, WideAir.Hash + i] = left[i];
        var rest = left[0] >> (2 * Xmss.LogBase);
        var isLast = pair == WideAir.Pairs - 1;
        if (isLast || pair % WideAir.Phases == WideAir.Phases - 1)
        {
            _wide[place, WideAir.Closing] = KoalaBear.One;
            _wide[place, WideAir.Rest] = rest;
            _set.Count(rest);
            _set.Count((isLast ? WideAir.LastRestLimit : WideAir.RestLimit) - rest);
            left[1..].CopyTo(left);
        }
        else
        {
            left[0] = rest;
        }
    }

    private void Paths()
    {
        var levels = _signatures.Count == 0 ? 0 : _signatures.Max(static row => row.LogLifetime);
        for (var level = 1; level <= levels; level++)
        {
            for (var i = 0; i < _signatures.Count; i++)
            {
                var signed = _signatures[i];
                if (level > signed.LogLifetime)
                    continue;
                var row = Row(i);
                var bit = signed.Index >> (level - 1) & 1;
                State(i).CopyTo(row[((int)bit * Digest)..]);
                Sibling(signed, level).CopyTo(row[((int)(bit ^ 1) * Digest)..]);
                Parameter(signed).CopyTo(row[(2 * Digest)..]);
                row[21] = XmssHash.NodeDomain | ((uint)level << 8);
                var index = (uint)((ulong)signed.Index >> level);
                Instruction.WriteLimbs(index, row[22..]);
                var place = Place(i, WideAir.Pairs + level, WideAir.Node);
                WriteIndex(place, index);
                var low = (1UL << level) - 1;
                _wide[place, WideAir.Counter] = (uint)level;
                _wide[place, WideAir.Bit] = bit;
                _wide[place, WideAir.Carry] = index >> 15 & 1;
                _wide[place, WideAir.Ones] = KoalaBear.FromBoolean((signed.Index & low) == low);
                _wide[place, WideAir.Rest] = index & 0xffff;
                _set.Count(index & 0xffff);
            }

            CompressWhere(level, levels);
        }
    }

    /// <summary>Compresses the rows of the signatures that have this level; the others keep their state.</summary>
    private void CompressWhere(int level, int levels)
    {
        var kept = (KoalaBear[])_states.Clone();
        Poseidon2Compression.CompressRows(Poseidon2Parameters.Width24, _rows, _states, Digest);
        for (var i = 0; i < _signatures.Count && levels > 0; i++)
        {
            if (level > _signatures[i].LogLifetime)
                kept.AsSpan(i * Digest, Digest).CopyTo(State(i));
        }
    }

    private void Roots()
    {
        for (var i = 0; i < _signatures.Count; i++)
        {
            var signed = _signatures[i];
            var row = Row(i);
            row.Clear();
            State(i).CopyTo(row);
            Parameter(signed).CopyTo(row[Digest..]);
            row[13] = XmssHash.RootDomain;
            row[14] = (uint)signed.LogLifetime;
            var place = Place(i, 1 + WideAir.Pairs + signed.LogLifetime, WideAir.Root);
            _wide[place, WideAir.Counter] = (uint)signed.LogLifetime;
            _wide[place, WideAir.Ones] = KoalaBear.FromBoolean(signed.Index == (1u << signed.LogLifetime) - 1);
        }
    }

    private static void Calls(ColumnMatrix trace, HashCalls calls, int start, int width, int uses)
    {
        for (var i = 0; i < calls.Count; i++)
        {
            Write(trace, start + i, 0, calls.Input(i)[..width]);
            trace[start + i, uses] = (uint)calls.Uses(i);
        }
    }

    private static void Write(ColumnMatrix trace, int row, int column, ReadOnlySpan<KoalaBear> values)
    {
        for (var i = 0; i < values.Length; i++)
            trace[row, column + i] = values[i];
    }
}
