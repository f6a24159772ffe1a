using System.Text.Json.Serialization;
using Diagnostics.Engine.ItemBank;
using Diagnostics.UseCases.Sessions;

namespace Diagnostics.Server.Api;

/// <summary>Compiled JSON of the hot path.</summary>
[JsonSerializable(typeof(SaveRequest))]
[JsonSerializable(typeof(SavedResponse))]
[JsonSerializable(typeof(Response))]
internal sealed partial class SessionJson : JsonSerializerContext;
