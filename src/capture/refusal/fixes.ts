// What refusals of several stages advise.

export const AS_CAPABILITY = 'do that work outside and pass a function for it as a capability';
export const CREATE_INSIDE = 'create it inside the function, or pass it as a capability';
