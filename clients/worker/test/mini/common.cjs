/** Calls that both platforms name alike. Each fake adds its own. */

const ORIGIN = process.env.VITE_API_ORIGIN ?? 'https://gongyue.example'

function commonApi(getHost, storage, platform) {
  const go = (how) => ({ url, success, fail, complete }) => {
    try {
      getHost().open(url, how)
      success?.({})
    } catch (error) {
      console.error(error.stack)
      if (!fail) throw error
      fail({ errMsg: error.message })
    } finally {
      complete?.({})
    }
  }
  return {
    canIUse: () => true,
    navigateTo: go('push'),
    redirectTo: go('replace'),
    reLaunch: go('all'),
    navigateBack: () => getHost().back(),
    setNavigationBarTitle() {},
    pageScrollTo() {},
    onNetworkStatusChange() {},
    offNetworkStatusChange() {},
    onAppShow() {},
    offAppShow() {},
    getSystemInfoSync: () => ({ language: 'zh_CN', windowWidth: 390, windowHeight: 844, pixelRatio: 3, platform: 'ios', SDKVersion: '3.10.0', version: '8.0.62' }),
    makePhoneCall() {},
    /** uni-app keeps a random id of its own; it goes nowhere. */
    setStorage() {},
    platform,
    storage,
  }
}

/** An address of another host, or one that isn't the API's, fails the story. */
function apiPath(url) {
  if (!url.startsWith(`${ORIGIN}/api/v1`)) throw new Error(`foreign request: ${url}`)
  return url.slice(`${ORIGIN}/api/v1`.length)
}

module.exports = { commonApi, apiPath }
