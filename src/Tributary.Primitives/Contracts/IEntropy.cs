namespace Tributary.Primitives.Contracts;

/// <summary>
/// A source of random bytes fit for keys and nonces. Protocol code takes it as a parameter, so that a simulation replays it from a seed;
/// the production implementation is the operating system's generator.
/// </summary>
public interface IEntropy
{
    /// <summary>Fills the whole span with random bytes.</summary>
    void Fill(Span<byte> destination);
}
