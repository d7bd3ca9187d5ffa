using Tributary.Proofs.Fields;

namespace Tributary.Rollup.Proving;

/// <summary>Compressions that tables ask for at one width: inputs one after the other, and how often each is asked for.</summary>
internal sealed class HashCalls(int width)
{
    private KoalaBear[] _inputs = new KoalaBear[width * 256];
    private readonly List<int> _uses = [];

    public int Count => _uses.Count;

    /// <summary>Room for the input of a call.</summary>
    public Span<KoalaBear> Add(int uses)
    {
        var start = _uses.Count * width;
        if (start == _inputs.Length)
            Array.Resize(ref _inputs, 2 * start);
        _uses.Add(uses);
        return _inputs.AsSpan(start, width);
    }

    public ReadOnlySpan<KoalaBear> Input(int call) => _inputs.AsSpan(call * width, width);

    public int Uses(int call) => _uses[call];
}
