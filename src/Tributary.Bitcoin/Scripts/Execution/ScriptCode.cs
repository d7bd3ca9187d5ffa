using Tributary.Primitives.Bytes;

namespace Tributary.Bitcoin.Scripts.Execution;

/// <summary>What legacy script takes out of the script that a signature signs.</summary>
internal static class ScriptCode
{
    /// <summary>
    /// Removes every push of these bytes that stands where an operation begins ("FindAndDelete"); false when there is none. Pushes of
    /// nothing are OP_0, so an empty signature removes those.
    /// </summary>
    internal static bool TryDeletePushes(ReadOnlySpan<byte> script, ReadOnlySpan<byte> data, out ReadOnlySpan<byte> shorter)
    {
        shorter = script;
        Span<byte> header = stackalloc byte[5];
        header = header[..ScriptBuilder.WritePushHeader(data.Length, header)];
        if (script.IndexOf(data.IsEmpty ? header : data) < 0)
            return false;

        var kept = new ByteWriter(script.Length);
        var found = false;
        var from = 0;
        var at = 0;
        while (true)
        {
            kept.WriteBytes(script[from..at]);
            while (StartsWith(script[at..], header, data))
            {
                at += header.Length + data.Length;
                found = true;
            }

            from = at;
            var reader = new ScriptReader(script[at..]);
            if (!reader.TryReadNext(out _, out _))
                break;
            at += reader.Position;
        }

        if (!found)
            return false;
        kept.WriteBytes(script[from..]);
        shorter = kept.WrittenSpan;
        return true;
    }

    private static bool StartsWith(ReadOnlySpan<byte> script, ReadOnlySpan<byte> header, ReadOnlySpan<byte> data) =>
        script.StartsWith(header) && script[header.Length..].StartsWith(data);
}
