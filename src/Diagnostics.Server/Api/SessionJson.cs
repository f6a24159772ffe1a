using System.Text.Json.Serialization;
using Diagnostics.Engine.ItemBank;
using Diagnostics.UseCases.Sessions;

namespace Diagnostics.Server.Api;

/// <summary>JSON serialization for the types that saves use, with code that is generated at compile time.</summary>
[JsonSerializable(typeof(SaveRequest))]
[JsonSerializable(typeof(SavedResponse))]
[JsonSerializable(typeof(Response))]
internal sealed partial class SessionJson : JsonSerializerContext;
