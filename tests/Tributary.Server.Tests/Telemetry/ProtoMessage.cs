using System.Text;

namespace Tributary.Server.Tests.Telemetry;

/// <summary>A Protocol Buffers message by its field numbers, without knowing its type.</summary>
internal sealed class ProtoMessage
{
    private readonly List<(int Number, byte[] Bytes)> _fields = [];

    public ProtoMessage(byte[] bytes)
    {
        for (var at = 0; at < bytes.Length;)
        {
            var key = ReadVarint(bytes, ref at);
            var length = (key & 7) switch
            {
                0 => VarintLength(bytes, at),
                1 => 8,
                2 => (int)ReadVarint(bytes, ref at),
                5 => 4,
                _ => throw new InvalidDataException($"A field of wire type {key & 7}."),
            };
            _fields.Add(((int)(key >> 3), bytes[at..(at + length)]));
            at += length;
        }
    }

    /// <summary>The messages in a field, along a path of field numbers.</summary>
    public IEnumerable<ProtoMessage> All(params int[] path) => path.Length == 0
        ? [this]
        : _fields.Where(field => field.Number == path[0]).SelectMany(field => new ProtoMessage(field.Bytes).All(path[1..]));

    public byte[] Bytes(int number) => _fields.FirstOrDefault(field => field.Number == number).Bytes ?? [];

    public string Text(int number) => Encoding.UTF8.GetString(Bytes(number));

    private static ulong ReadVarint(byte[] bytes, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            value |= (ulong)(bytes[at] & 0x7f) << shift;
            if (bytes[at++] < 0x80)
                return value;
        }
    }

    private static int VarintLength(byte[] bytes, int at)
    {
        var end = at;
        while (bytes[end++] >= 0x80)
        {
        }

        return end - at;
    }
}
