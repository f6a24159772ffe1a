using System.Text.Json.Serialization;
using Diagnostics.Engine.ItemBank;

namespace Diagnostics.Server.Sessions;

/// <summary>Compiled JSON of the hot path.</summary>
[JsonSerializable(typeof(SaveRequest))]
[JsonSerializable(typeof(SavedResponse))]
[JsonSerializable(typeof(Response))]
internal sealed partial class SessionJson : JsonSerializerContext;
